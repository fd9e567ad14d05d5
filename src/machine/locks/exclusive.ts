// A lock with one holder and no queue: acquiring it is one event, enabled while it is free; which of the waiting
// threads gets it is the scheduler's choice. Mutex and spinlock are made of this.
import { load } from '../cell.js';
import type { Operation } from '../op.js';
import { drop, isFreed, Lock, lockOf, NOBODY, take } from './lock.js';

export abstract class ExclusiveLock extends Lock {
  override visitBlockers(_op: Operation, visit: (thread: number) => void): void {
    const holder = load(this.holder);
    if (holder !== NOBODY) visit(holder);
  }
}

export function announceExclusive(op: Operation): void {
  // The holder of a freed lock is no number, so that the thread goes on into its panic.
  if (load(lockOf(op).holder) >= 0) op.machine.blockOnLock(op);
}

/** False if the thread was stopped. */
export function acquireExclusive(op: Operation): boolean {
  const lock = lockOf(op);
  if (isFreed(op, lock)) return false;
  take(op, lock);
  return true;
}

/** False if the thread was stopped. */
export function releaseExclusive(op: Operation): boolean {
  const lock = lockOf(op);
  if (!drop(op, lock)) return false;
  for (let i = 0; i < lock.parkedCount; i++) op.machine.unblock(lock.parked[i] as Operation);
  return true;
}
