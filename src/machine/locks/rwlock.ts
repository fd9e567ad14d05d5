// rwlock_t before queued rwlocks (3.16): a spinning reader-writer lock that prefers readers. A reader gets in
// whenever no writer is in, however many writers wait, so read sections may nest, also in interrupts.
import { load } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { ACQUIRES_READ, ACQUIRES_WRITE, RELEASES_READ, RELEASES_WRITE } from './use.js';
import { drop, isFreed, narrateLock, park, take, unpark } from './lock.js';
import { addReader, dropReader, SharedLock } from './readers.js';

export class Rwlock extends SharedLock {
  readonly type = 'rwlock';

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    this.visitHolders(wantsToWrite(op), visit);
  }
}

const rwlockOf = (op: Operation): Rwlock => op.subject as Rwlock;

function wantsToWrite(op: Operation): boolean {
  return op.primitive === WRITE_LOCK || op.primitive === WRITE_LOCK_IRQ;
}

function couldBeGranted(op: Operation): boolean {
  // Comparisons that are false for freed memory, so that the thread goes on into its panic.
  const lock = rwlockOf(op);
  return !(load(lock.holder) >= 0) && !(wantsToWrite(op) && load(lock.readers) > 0);
}

/** Makes every waiting thread runnable or not, after the lock has changed hands. */
function settleWaiting({ machine }: Operation, lock: Rwlock): void {
  if (lock.parked.count === 0) return;
  for (const thread of lock.parked.sorted()) {
    const waiter = machine.thread(thread).op;
    if (couldBeGranted(waiter)) machine.unblock(waiter);
    else machine.block(waiter);
  }
}

function announce(op: Operation): void {
  if (!couldBeGranted(op)) op.machine.blockOnLock(op);
}

function lockForReading(op: Operation): boolean {
  const lock = rwlockOf(op);
  if (isFreed(op, lock)) return false;
  unpark(op);
  addReader(op, lock);
  settleWaiting(op, lock);
  op.machine.contexts.preemptDisable(op.slot);
  return true;
}

function lockForWriting(op: Operation): boolean {
  const lock = rwlockOf(op);
  if (isFreed(op, lock)) return false;
  take(op, lock);
  op.machine.contexts.preemptDisable(op.slot);
  return true;
}

function unlockRead(op: Operation): boolean {
  const lock = rwlockOf(op);
  if (!dropReader(op, lock)) return false;
  settleWaiting(op, lock);
  return true;
}

function unlockWrite(op: Operation): boolean {
  const lock = rwlockOf(op);
  if (!drop(op, lock)) return false;
  settleWaiting(op, lock);
  return true;
}

const common = {
  announce,
  park,
  forget: unpark,
  isEnabled: couldBeGranted,
  blockers: (op: Operation, visit: (thread: number) => void): void => {
    rwlockOf(op).visitBlockers(op, visit);
  },
  narrate: narrateLock,
} as const;

export const READ_LOCK = new Primitive({
  ...common,
  name: 'read_lock',
  lock: ACQUIRES_READ,
  act: (op) => {
    lockForReading(op);
  },
});

export const READ_UNLOCK = new Primitive({
  name: 'read_unlock',
  lock: RELEASES_READ,
  act: (op) => {
    if (unlockRead(op)) op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});

export const READ_LOCK_IRQ = new Primitive({
  ...common,
  name: 'read_lock_irq',
  lock: ACQUIRES_READ,
  act: (op) => {
    if (lockForReading(op)) op.machine.contexts.irqDisable(op.slot);
  },
});

export const READ_UNLOCK_IRQ = new Primitive({
  name: 'read_unlock_irq',
  lock: RELEASES_READ,
  act: (op) => {
    if (!unlockRead(op)) return;
    op.machine.contexts.irqEnable(op);
    op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});

export const WRITE_LOCK = new Primitive({
  ...common,
  name: 'write_lock',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    lockForWriting(op);
  },
});

export const WRITE_UNLOCK = new Primitive({
  name: 'write_unlock',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (unlockWrite(op)) op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});

export const WRITE_LOCK_IRQ = new Primitive({
  ...common,
  name: 'write_lock_irq',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    if (lockForWriting(op)) op.machine.contexts.irqDisable(op.slot);
  },
});

export const WRITE_UNLOCK_IRQ = new Primitive({
  name: 'write_unlock_irq',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (!unlockWrite(op)) return;
    op.machine.contexts.irqEnable(op);
    op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});
