// The primitives on single cells: one event each, as the memory model of semantics.md has it.
import { type Cell, poison, touch } from './cell.js';
import { showValue } from './names.js';
import { type Operation, Primitive, READ, WRITE } from './op.js';
import {
  type AccessUse,
  ACQUIRING_READ,
  MARKED_READ,
  MARKED_WRITE,
  ORDERED_UPDATE,
  orderedIf,
  PLAIN_UPDATE,
  RACY_READ,
  RACY_WRITE,
  RELAXED_UPDATE,
  RELEASING_WRITE,
} from './races/access.js';

/** Reads the live value, changes it, and answers; one event. The functions capture nothing: no allocation. */
export function update<T>(
  op: Operation,
  next: (old: T, op: Operation) => T,
  result: (old: T, now: T, op: Operation) => unknown,
): unknown {
  const cell = op.subject as Cell<T>;
  const old = op.load(cell);
  if (old === poison) {
    op.machine.useAfterFree(op, cell as Cell<unknown>);
    return;
  }
  const now = next(old, op);
  const answer = result(old, now, op);
  if (now !== old) op.store(cell, now);
  else if (isChange(op, answer)) touch(cell as Cell<unknown>);
  if (cell.isRefcount)
    op.machine.refcountChanged(cell as Cell<unknown>, old as number, now as number);
  return answer;
}

/** Whether it counts as a change although the value is the same: all do but those that looked, or failed. */
function isChange({ primitive, a }: Operation, result: unknown): boolean {
  if (primitive === CMPXCHG) return result === a;
  if (primitive === ATOMIC_ADD_UNLESS) return result === true;
  return primitive.effect === 'writes';
}

const label = (op: Operation): string => (op.subject as Cell<unknown>).label;

/** Returns the old value. */
export const XCHG = new Primitive({
  name: 'xchg',
  access: ORDERED_UPDATE,
  act: (op) =>
    update<unknown>(
      op,
      (_, { a }) => a,
      (old) => old,
    ),
});

/** Returns the old value; the new one was stored if that equals what was expected. */
export const CMPXCHG = new Primitive({
  name: 'cmpxchg',
  access: orderedIf((op, old) => old === op.a),
  act: (op) =>
    update<unknown>(
      op,
      (old, { a, b }) => (old === a ? b : old),
      (old) => old,
    ),
  narrate: (op, old) =>
    `cmpxchg(${label(op)}, ${showValue(op.a)}, ${showValue(op.b)})${old === op.a ? '' : ` fails: ${showValue(old)}`}`,
});

/** Returns the old value. */
export const FETCH_ADD = new Primitive({
  name: 'fetch_add',
  access: ORDERED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old, { a }) => old + (a as number),
      (old) => old,
    ),
});

export const ATOMIC_READ = new Primitive({
  name: 'atomic_read',
  access: MARKED_READ,
  plain: true,
  act: (op) =>
    update<number>(
      op,
      (old) => old,
      (old) => old,
    ),
  effect: 'reads',
  narrate: (op, value) => `read ${label(op)}: ${showValue(value)}`,
});

export const ATOMIC_INC = new Primitive({
  name: 'atomic_inc',
  access: RELAXED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old) => old + 1,
      () => undefined,
    ),
});

export const ATOMIC_DEC = new Primitive({
  name: 'atomic_dec',
  access: RELAXED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old) => old - 1,
      () => undefined,
    ),
});

/** Returns whether the counter is 0 now. */
export const ATOMIC_DEC_AND_TEST = new Primitive({
  name: 'atomic_dec_and_test',
  access: ORDERED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old) => old - 1,
      (_, now) => now === 0,
    ),
  narrate: (op, zero) => `atomic_dec_and_test(${label(op)}): ${zero === true ? '0' : 'not 0'}`,
});

/** Adds `a` unless the counter is `b`; returns whether it added. */
export const ATOMIC_ADD_UNLESS = new Primitive({
  name: 'atomic_add_unless',
  access: orderedIf((_, added) => added === true),
  act: (op) =>
    update<number>(
      op,
      (old, { a, b }) => (old === b ? old : old + (a as number)),
      (old, _, { b }) => old !== b,
    ),
  narrate: (op, added) =>
    `atomic_add_unless(${label(op)}, ${showValue(op.a)}, ${showValue(op.b)})${added === true ? '' : ': no'}`,
});

const setsBits = {
  act: (op: Operation) =>
    update<number>(
      op,
      (old, { a }) => old | (a as number),
      () => undefined,
    ),
  narrate: (op: Operation) => `${label(op)} |= ${valueOf(op, op.a)}`,
} as const;

const clearsBits = {
  act: (op: Operation) =>
    update<number>(
      op,
      (old, { a }) => old & ~(a as number),
      () => undefined,
    ),
  narrate: (op: Operation) => `${label(op)} &= ~${valueOf(op, op.a)}`,
} as const;

/** Sets bits of a flag word in one step, as the `|=` of its only writer does: an ordinary store. */
export const SET_BITS = new Primitive({
  ...setsBits,
  name: 'set_bits',
  access: PLAIN_UPDATE,
  plain: true,
});

/** Clears bits of a flag word in one step, as its only writer does: an ordinary store. */
export const CLEAR_BITS = new Primitive({
  ...clearsBits,
  name: 'clear_bits',
  access: PLAIN_UPDATE,
  plain: true,
});

/** set_bit(): atomic, also where others write the word. */
export const SET_BIT = new Primitive({ ...setsBits, name: 'set_bit', access: RELAXED_UPDATE });

/** clear_bit(): atomic, also where others write the word. */
export const CLEAR_BIT = new Primitive({
  ...clearsBits,
  name: 'clear_bit',
  access: RELAXED_UPDATE,
});

// --- Accesses that differ from read and write only in what may race with them and what they order -----------------

function loading(name: string, access: AccessUse): Primitive {
  return new Primitive({
    name,
    access,
    act: READ.act,
    effect: 'reads',
    narrate: (op, value) => `${name}(${label(op)}): ${valueOf(op, value)}`,
  });
}

function storing(name: string, access: AccessUse): Primitive {
  return new Primitive({
    name,
    access,
    act: WRITE.act,
    narrate: (op) => `${name}(${label(op)}, ${valueOf(op, op.a)})`,
  });
}

function valueOf({ subject }: Operation, value: unknown): string {
  return (subject as Cell<unknown>).show?.(value) ?? showValue(value);
}

export const READ_ONCE = loading('READ_ONCE', MARKED_READ);
export const WRITE_ONCE = storing('WRITE_ONCE', MARKED_WRITE);
export const SMP_LOAD_ACQUIRE = loading('smp_load_acquire', ACQUIRING_READ);
export const SMP_STORE_RELEASE = storing('smp_store_release', RELEASING_WRITE);
export const ATOMIC_SET = storing('atomic_set', MARKED_WRITE);
export const DATA_RACE_READ = loading('data_race_read', RACY_READ);
export const DATA_RACE_WRITE = storing('data_race_write', RACY_WRITE);
