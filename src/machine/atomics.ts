// The rest of atomic_t, and bits of flag words that answer: one event each, fully ordered where they return something.
// An atomic_t does not wrap round at 2^31.
import type { Cell } from './cell.js';
import { update } from './memory.js';
import { showValue } from './names.js';
import { type Operation, Primitive } from './op.js';
import { MARKED_READ, ORDERED_UPDATE, orderedIf, RELAXED_UPDATE } from './races/access.js';

const label = (op: Operation): string => (op.subject as Cell<unknown>).label;

/** `name(counter, a): what it returned` */
function narrate(op: Operation, result: unknown): string {
  const argument = op.a === undefined ? '' : `, ${showValue(op.a)}`;
  const outcome = result === undefined ? '' : `: ${showValue(result)}`;
  return `${op.primitive.name}(${label(op)}${argument})${outcome}`;
}

/** Adds to the counter, `a` times `sign`, or `sign` where the operation names no number. */
function adding(
  name: string,
  sign: 1 | -1,
  result: ((now: number) => unknown) | undefined,
): Primitive {
  return new Primitive({
    name,
    access: result === undefined ? RELAXED_UPDATE : ORDERED_UPDATE,
    act: (op) =>
      update<number>(
        op,
        (old, { a }) => old + sign * ((a as number | undefined) ?? 1),
        (_, now) => result?.(now),
      ),
    narrate,
  });
}

const isZero = (now: number): boolean => now === 0;
const itself = (now: number): number => now;

export const ATOMIC_ADD = adding('atomic_add', 1, undefined);
export const ATOMIC_SUB = adding('atomic_sub', -1, undefined);
export const ATOMIC_ADD_RETURN = adding('atomic_add_return', 1, itself);
export const ATOMIC_SUB_RETURN = adding('atomic_sub_return', -1, itself);
export const ATOMIC_INC_RETURN = adding('atomic_inc_return', 1, itself);
export const ATOMIC_DEC_RETURN = adding('atomic_dec_return', -1, itself);
export const ATOMIC_SUB_AND_TEST = adding('atomic_sub_and_test', -1, isZero);
export const ATOMIC_INC_AND_TEST = adding('atomic_inc_and_test', 1, isZero);

/** Adds 1 unless the counter is 0; returns whether it did. */
export const ATOMIC_INC_NOT_ZERO = new Primitive({
  name: 'atomic_inc_not_zero',
  access: orderedIf((_, added) => added === true),
  act: (op) =>
    update<number>(
      op,
      (old) => (old === 0 ? 0 : old + 1),
      (old) => old !== 0,
    ),
  narrate,
});

const bitOf = ({ a }: Operation): number => 1 << (a as number);

/** Returns whether bit `a` was set before. */
export const TEST_AND_SET_BIT = new Primitive({
  name: 'test_and_set_bit',
  access: ORDERED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old, self) => old | bitOf(self),
      (old, _, self) => (old & bitOf(self)) !== 0,
    ),
  narrate,
});

/** Returns whether bit `a` was set before. */
export const TEST_AND_CLEAR_BIT = new Primitive({
  name: 'test_and_clear_bit',
  access: ORDERED_UPDATE,
  act: (op) =>
    update<number>(
      op,
      (old, self) => old & ~bitOf(self),
      (old, _, self) => (old & bitOf(self)) !== 0,
    ),
  narrate,
});

/** Whether bit `a` is set. */
export const TEST_BIT = new Primitive({
  name: 'test_bit',
  effect: 'reads',
  access: MARKED_READ,
  act: (op) =>
    update<number>(
      op,
      (old) => old,
      (old, _, self) => (old & bitOf(self)) !== 0,
    ),
  narrate,
});
