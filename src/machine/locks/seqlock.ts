// seqcount_t and seqlock_t: a writer makes the sequence odd, changes the data, and makes it even again; a reader waits
// for an even sequence and reads again where it has changed since. seqlock_t brings the writers' spinlock along; writers
// of a seqcount_t exclude each other by other means, and must not be preempted (K-10). Whoever reads on the CPU of the
// writer that it has interrupted waits for ever, which is reported as a deadlock.
import { Cell, load, poison } from '../cell.js';
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import { acquireExclusive, announceExclusive, isGrantable } from './exclusive.js';
import { type Form, type Forms, inEachForm, spinningForms } from './forms.js';
import { drop, lockOf, narrateLock, NOBODY, unpark } from './lock.js';
import { LockInData, parkInData } from './lock-in-data.js';
import { mightSleepOnRt, sleepingForms } from './rt.js';
import { ACQUIRING_READ, MARKED_READ, RELAXED_UPDATE } from '../races/access.js';
import { ACQUIRES_WRITE, ENTERS_SEQCOUNT, LEAVES_SEQCOUNT, RELEASES_WRITE } from './use.js';

/** A seqcount_t: its holder is the writer that is in its write section. */
export class Seqcount extends LockInData {
  readonly type: string = 'seqcount';
  readonly sequence = new Cell<number>(this, 'sequence', 0);

  constructor(owner: Named | undefined, field: string) {
    super(owner, field);
    this.follow(this.sequence as Cell<unknown>);
  }

  override cells(): Cell<unknown>[] {
    return [...super.cells(), this.sequence as Cell<unknown>];
  }
}

interface Writing {
  readonly acquire: Primitive;
  readonly release: Primitive;
}

/** A seqlock_t. */
export class Seqlock extends Seqcount {
  override readonly type = 'seqlock';
  /** The primitives of writers. */
  readonly forms: Forms<Writing>;

  /** @param sleeps with PREEMPT_RT: writers sleep */
  constructor(owner: Named | undefined, field: string, sleeps: boolean) {
    super(owner, field);
    this.forms = sleeps ? sleeping : spinning;
  }
}

const seqcountOf = (op: Operation): Seqcount => op.subject as Seqcount;

const cellOf = (op: Operation): Cell<unknown> => seqcountOf(op).sequence as Cell<unknown>;
/** Readers come after the writers whose data they find valid. */
const BEGINS_READING = { ...ACQUIRING_READ, cellOf };
const VALIDATES = { ...MARKED_READ, cellOf };
const BEGINS_WRITING = { ...RELAXED_UPDATE, cellOf };
const ENDS_WRITING = { ...BEGINS_WRITING, order: 'release' } as const;

/** A plain store: under TSO it becomes visible later, in the order of the writer's stores. */
function advance(op: Operation): void {
  const seqcount = seqcountOf(op);
  op.storePlainly(seqcount.sequence, op.load(seqcount.sequence) + 1);
  seqcount.changed();
}

/** False if the thread was stopped. */
function leave(op: Operation): boolean {
  if (!drop(op, seqcountOf(op))) return false;
  advance(op);
  return true;
}

/** Even, or freed memory, which is no number: then the thread goes on into its panic. */
function isEven(op: Operation): boolean {
  return !(op.load(seqcountOf(op).sequence) & 1);
}

/** True if the object that the counter is part of was freed; the thread is stopped then. */
function isFreed(op: Operation, { sequence }: Seqcount): boolean {
  if ((op.load(sequence) as unknown) !== poison) return false;
  op.machine.useAfterFree(op, sequence as Cell<unknown>);
  return true;
}

const waiting = {
  park: parkInData,
  forget: unpark,
  blockers: (op: Operation, visit: (thread: number) => void): void => {
    lockOf(op).visitBlockers(op, visit);
  },
} as const;

function beginReading(op: Operation): unknown {
  const seqcount = seqcountOf(op);
  if (isFreed(op, seqcount)) return undefined;
  unpark(op);
  const { unvalidated } = op.slot.held;
  // Who begins again has thrown away what it read.
  if (!unvalidated.includes(seqcount)) unvalidated.push(seqcount);
  return op.load(seqcount.sequence);
}

/** Whether the sequence is no longer `a`: what was read since then counts for nothing. */
function mustRetry(op: Operation): boolean {
  const seqcount = seqcountOf(op);
  if (isFreed(op, seqcount)) return false;
  const { unvalidated } = op.slot.held;
  const at = unvalidated.lastIndexOf(seqcount);
  if (at >= 0) unvalidated.splice(at, 1);
  return op.load(seqcount.sequence) !== op.a;
}

/** Waits for an even sequence, and returns it. */
const beginning = (name: string): Primitive =>
  new Primitive({
    ...waiting,
    name,
    effect: 'reads',
    access: BEGINS_READING,
    plain: true,
    announce: (op) => {
      if (!isEven(op)) op.machine.blockOnLock(op);
    },
    isEnabled: isEven,
    act: beginReading,
    narrate: narrateLock,
  });

/** Returns whether to read again. */
const retrying = (name: string): Primitive =>
  new Primitive({
    name,
    effect: 'reads',
    access: VALIDATES,
    plain: true,
    act: mustRetry,
    narrate: (op, retry) => `${narrateLock(op)}: ${retry === true ? 'again' : 'valid'}`,
  });

export const READ_SEQBEGIN = beginning('read_seqbegin');
export const READ_SEQRETRY = retrying('read_seqretry');
export const READ_SEQCOUNT_BEGIN = beginning('read_seqcount_begin');
export const READ_SEQCOUNT_RETRY = retrying('read_seqcount_retry');

/** Makes the sequence odd. It does not wait: a second writer, or one that can be preempted, breaks K-10. */
export const WRITE_SEQCOUNT_BEGIN = new Primitive({
  name: 'write_seqcount_begin',
  lock: ENTERS_SEQCOUNT,
  access: BEGINS_WRITING,
  plain: true,
  act: (op) => {
    const seqcount = seqcountOf(op);
    if (isFreed(op, seqcount)) return;
    const { machine, slot } = op;
    if (load(seqcount.holder) !== NOBODY) {
      machine.panic(op, `write_seqcount_begin(${seqcount.name}) while another writer is in (K-10)`);
      return;
    }
    if (!machine.contexts.isAtomic(slot)) {
      const what = `${slot.name} writes ${seqcount.name} with preemption on`;
      machine.breakRule('K-10', `${what}: a reader on its CPU could wait for ever`);
    }
    acquireExclusive(op);
    advance(op);
  },
  narrate: narrateLock,
});

/** Makes it even. */
export const WRITE_SEQCOUNT_END = new Primitive({
  name: 'write_seqcount_end',
  lock: LEAVES_SEQCOUNT,
  access: ENDS_WRITING,
  plain: true,
  act: (op) => {
    leave(op);
  },
  narrate: narrateLock,
});

function announceOnRt(op: Operation): void {
  mightSleepOnRt(op);
  if (!op.slot.stopped) announceExclusive(op);
}

function writingOf(form: Form, announce: (op: Operation) => void): Writing {
  return {
    acquire: new Primitive({
      ...waiting,
      name: `write_seqlock${form.suffix}`,
      lock: ACQUIRES_WRITE,
      access: BEGINS_WRITING,
      announce,
      isEnabled: isGrantable,
      act: (op) => {
        if (!acquireExclusive(op)) return undefined;
        advance(op);
        return form.enter(op);
      },
      narrate: narrateLock,
    }),
    release: new Primitive({
      name: `write_sequnlock${form.releaseSuffix}`,
      lock: RELEASES_WRITE,
      access: ENDS_WRITING,
      act: (op) => {
        if (leave(op)) form.leave(op);
      },
      narrate: narrateLock,
    }),
  };
}

const spinning = inEachForm(spinningForms, (form) => writingOf(form, announceExclusive));
const sleeping = inEachForm(sleepingForms, (form) => writingOf(form, announceOnRt));
