// bit_spin_lock(): a spinlock that is one bit of a flag word, such as PG_locked. The bit is really in the word: reads of
// the word see it, and whoever clears it by another operation gives the lock up. Like a spinlock otherwise.
import { type Cell, load, poison, store } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { PLAIN_UPDATE, RELAXED_UPDATE } from '../races/access.js';
import { drop, narrateLock, NOBODY, take, unpark } from './lock.js';
import { LockInData, parkInData } from './lock-in-data.js';
import { ACQUIRES_WRITE, narrateTry, RELEASES_WRITE, TRIES_WRITE } from './use.js';

export class BitLock extends LockInData {
  readonly type = 'bit_spinlock';
  readonly word: Cell<number>;
  readonly #bit: number;

  constructor(word: Cell<number>, bit: number) {
    super(word, `bit${String(bit)}`);
    this.word = word;
    this.#bit = 1 << bit;
    this.follow(word as Cell<unknown>);
  }

  get isSet(): boolean {
    return (load(this.word) & this.#bit) !== 0;
  }

  /** Sets or clears the bit. */
  change(op: Operation, set: boolean): void {
    const old = op.load(this.word);
    op.store(this.word, set ? old | this.#bit : old & ~this.#bit);
  }
}

const bitLockOf = (op: Operation): BitLock => op.subject as BitLock;

const cellOf = (op: Operation): Cell<unknown> => bitLockOf(op).word as Cell<unknown>;
/** test_and_set_bit_lock() */
const SETS = { ...RELAXED_UPDATE, order: 'acquire', cellOf } as const;
/** clear_bit_unlock() */
const CLEARS = { ...RELAXED_UPDATE, order: 'release', cellOf } as const;
/** __clear_bit_unlock(): KCSAN takes its store for a plain one. */
const CLEARS_PLAINLY = { ...PLAIN_UPDATE, cellOf };

/** Clear, or freed memory: then the thread goes on into its panic. */
function couldTake(op: Operation): boolean {
  const lock = bitLockOf(op);
  return (load(lock.word) as unknown) === poison || !lock.isSet;
}

function isFreed(op: Operation, { word }: BitLock): boolean {
  if ((load(word) as unknown) !== poison) return false;
  op.machine.useAfterFree(op, word as Cell<unknown>);
  return true;
}

function takeBit(op: Operation): void {
  const lock = bitLockOf(op);
  unpark(op);
  if (load(lock.holder) !== NOBODY) store(lock.holder, NOBODY, op.machine.journal);
  take(op, lock);
  lock.change(op, true);
  op.machine.contexts.preemptDisable(op.slot);
}

export const BIT_SPIN_LOCK = new Primitive({
  name: 'bit_spin_lock',
  lock: ACQUIRES_WRITE,
  access: SETS,
  announce: (op) => {
    if (!couldTake(op)) op.machine.blockOnLock(op);
  },
  park: parkInData,
  forget: unpark,
  isEnabled: couldTake,
  blockers: (op, visit) => {
    bitLockOf(op).visitBlockers(op, visit);
  },
  act: (op) => {
    if (!isFreed(op, bitLockOf(op))) takeBit(op);
  },
  narrate: narrateLock,
});

/** Returns whether it took the lock. */
export const BIT_SPIN_TRYLOCK = new Primitive({
  name: 'bit_spin_trylock',
  lock: TRIES_WRITE,
  access: { ...SETS, wrote: (_, taken) => taken === true },
  act: (op) => {
    const lock = bitLockOf(op);
    if (isFreed(op, lock) || lock.isSet) return false;
    takeBit(op);
    return true;
  },
  narrate: narrateTry,
});

function clearBit(op: Operation): void {
  const lock = bitLockOf(op);
  if (isFreed(op, lock) || !drop(op, lock)) return;
  lock.change(op, false);
  op.machine.contexts.preemptEnable(op.slot);
}

export const BIT_SPIN_UNLOCK = new Primitive({
  name: 'bit_spin_unlock',
  lock: RELEASES_WRITE,
  access: CLEARS,
  act: clearBit,
  narrate: narrateLock,
});

/** Clears the bit by an ordinary store of the word, which the lock must protect: no locked instruction. */
export const BIT_SPIN_UNLOCK_NONATOMIC = new Primitive({
  name: '__bit_spin_unlock',
  lock: RELEASES_WRITE,
  access: CLEARS_PLAINLY,
  plain: true,
  act: clearBit,
  narrate: narrateLock,
});
