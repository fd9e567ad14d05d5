// A lock with one holder and no queue: acquiring it is one event, enabled while it is free; which of the waiting
// threads gets it is the scheduler's choice. Mutex and spinlock are made of this.
import { load } from '../cell.js';
import type { Operation } from '../op.js';
import { drop, isFreed, Lock, lockOf, NOBODY, take } from './lock.js';

export abstract class ExclusiveLock extends Lock {
  override visitBlockers(_op: Operation, visit: (thread: number) => void): void {
    const holder = load(this.holder);
    if (holder >= 0) visit(holder);
  }
}

/** Free, or freed memory: then the thread goes on into its panic. */
export function isGrantable(op: Operation): boolean {
  return !(load(lockOf(op).holder) >= 0);
}

export function announceExclusive(op: Operation): void {
  if (!isGrantable(op)) op.machine.blockOnLock(op);
}

/** For locks whose waiters sleep. */
export function announceSleeping(op: Operation): void {
  if (!op.machine.isPlain) {
    op.machine.contexts.mightSleep(op);
    if (op.slot.stopped) return;
  }
  if (!isGrantable(op)) op.machine.blockOnLock(op);
}

/** The act of a primitive that acquires the lock and does no more; Operation.next() calls it by name. */
export function actAcquire(op: Operation): void {
  acquireExclusive(op);
}

/** The act of a primitive that releases the lock and does no more; Operation.next() calls it by name. */
export function actRelease(op: Operation): void {
  releaseExclusive(op);
}

/** False if the thread was stopped. */
export function acquireExclusive(op: Operation): boolean {
  const lock = lockOf(op);
  // Free, or no number at all.
  if (load(lock.holder) !== NOBODY && isFreed(op, lock)) return false;
  take(op, lock);
  return true;
}

/** False if the thread was stopped. */
export function releaseExclusive(op: Operation): boolean {
  const lock = lockOf(op);
  if (!drop(op, lock)) return false;
  if (lock.parked.count > 0) op.machine.unblockAll(lock.parked);
  return true;
}
