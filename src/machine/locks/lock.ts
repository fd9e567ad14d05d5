// What all locks share: an exclusive owner, the threads that have announced an acquisition, and the rule that
// such a thread is runnable exactly while the lock could be granted to it. All state is in cells but `parked`,
// which follows from the threads' pending operations.
import { Cell, load, poison, store } from '../cell.js';
import type { HoldMode } from './held.js';
import type { Named } from '../names.js';
import { ThreadSet } from '../thread-set.js';
import type { Operation } from '../op.js';

export const NOBODY = -1;

export abstract class Lock implements Named {
  readonly #owner: Named | undefined;
  readonly #field: string;
  /** The thread that holds the lock exclusively, or NOBODY. */
  readonly holder: Cell<number>;
  /** The threads that are suspended before an acquisition of this lock. */
  readonly parked = new ThreadSet();
  /** The number of its class in the machine's lockdep, once it has one. */
  classId = -1;

  constructor(owner: Named | undefined, field: string) {
    this.#owner = owner;
    this.#field = field;
    this.holder = new Cell<number>(this, 'holder', NOBODY);
  }

  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }

  /** The class that lockdep would put this lock in: the field's name, shared by all objects of a type. */
  get lockClass(): string {
    return this.#field;
  }

  /** What lockdep takes for one lock: a field of a type, `&css_set->lock`; a global lock is a class of its own. */
  get dependencyClass(): string {
    const type = this.#owner?.typeName;
    return type === undefined ? this.name : `&${type}->${this.#field}`;
  }

  /** The cells that hold the state, for poisoning when the object that the lock is part of is freed. */
  cells(): Cell<unknown>[] {
    return [this.holder as Cell<unknown>];
  }

  /** For properties. A freed lock is held by nobody. */
  isHeldForWriting(): boolean {
    return load(this.holder) >= 0;
  }

  /** True if the thread holds the lock in any mode. */
  isHeldBy(thread: number): boolean {
    return load(this.holder) === thread;
  }

  /** True if anybody holds the lock in any mode. */
  isHeld(): boolean {
    return load(this.holder) !== NOBODY;
  }

  /** Visits every thread that must release before `op` can be granted. */
  abstract visitBlockers(op: Operation, visit: (thread: number) => void): void;
}

/** True if the object that the lock is part of was freed; the thread is stopped then. */
export function isFreed(op: Operation, lock: Lock): boolean {
  if (load(lock.holder) !== poison) return false;
  op.machine.useAfterFree(op, lock.holder as Cell<unknown>);
  return true;
}

/** The thread suspends before it acquires: from now on whoever changes the lock keeps it runnable or not. */
export function park(op: Operation): void {
  (op.subject as Lock).parked.add(op.thread);
}

/** The acquisition takes place, or its execution is abandoned. */
export function unpark(op: Operation): void {
  (op.subject as Lock).parked.remove(op.thread);
}

/** Makes the thread the exclusive holder: nobody else who waits can be granted now. */
export function take(op: Operation, lock: Lock): void {
  const { parked } = lock;
  if (parked.count > 0) parked.remove(op.thread);
  store(lock.holder, op.thread, op.machine.journal);
  noteTaking(op, lock, 'write');
  if (parked.count > 0) op.machine.runnable.removeAll(parked);
}

/** Puts the lock on the thread's stack of held locks, and tells lockdep where that may be of interest. */
export function noteTaking(op: Operation, lock: Lock, mode: HoldMode): void {
  const { held } = op.slot;
  const { lockdep } = op.machine;
  if (held.depth !== 0 || lockdep.alert) lockdep.acquires(op, lock, mode);
  held.took(lock, mode);
  if (op.primitive.nests) held.tookAtLevel(op.a as number);
}

/** Gives up exclusive hold; false, and the thread stopped, if it did not have it. */
export function drop(op: Operation, lock: Lock): boolean {
  if (load(lock.holder) !== op.thread) return refuseDrop(op, lock);
  store(lock.holder, NOBODY, op.machine.journal);
  op.slot.held.gave(lock, 'write');
  return true;
}

function refuseDrop(op: Operation, lock: Lock): false {
  if (isFreed(op, lock)) return false;
  const holder = load(lock.holder);
  const who = holder === NOBODY ? 'nobody holds it' : `${op.machine.threadName(holder)} holds it`;
  op.machine.panic(op, `${op.primitive.name}(${lock.name}) by a non-owner: ${who}`);
  return false;
}

export const lockOf = (op: Operation): Lock => op.subject as Lock;

export function narrateLock(op: Operation): string {
  return `${op.primitive.name}(${lockOf(op).label})`;
}
