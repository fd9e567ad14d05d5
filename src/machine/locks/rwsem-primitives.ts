// What can be done with an rwsem.
import { add, load, store, tellAccesses } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { drop, isFreed, narrateLock, NOBODY, take } from './lock.js';
import { addReader, dropReader } from './readers.js';
import type { Rwsem } from './rwsem.js';
import {
  ACQUIRES_READ,
  ACQUIRES_WRITE,
  narrateTry,
  RELEASES_READ,
  RELEASES_WRITE,
  TRIES_READ,
  TRIES_WRITE,
} from './use.js';

const rwsemOf = (op: Operation): Rwsem => op.subject as Rwsem;

/** Grants the lock, or joins the queue and grants it in a second event. */
function acquire(op: Operation, grant: (op: Operation, sem: Rwsem) => void): void {
  const sem = rwsemOf(op);
  if (isFreed(op, sem)) return;
  const journal = op.machine.journal;
  if (op.phase === 0 && !sem.isOpenTo(op)) {
    sem.enqueue(op, journal);
    op.phase = 1;
    op.keepPending();
    sem.settleQueue();
    // Whether it can go on is no part of the step.
    const told = tellAccesses(undefined);
    if (!isItsTurn(op)) op.machine.blockOnLock(op);
    tellAccesses(told);
    return;
  }
  if (op.phase === 1) sem.dequeue(op, journal);
  op.phase = 0;
  grant(op, sem);
  sem.settleQueue();
}

function isItsTurn(op: Operation): boolean {
  return op.phase === 0 || rwsemOf(op).isTurnOf(op);
}

function narrateAcquire(op: Operation): string {
  return op.isPending ? `${narrateLock(op)}: queues` : narrateLock(op);
}

function blockers(op: Operation, visit: (thread: number) => void): void {
  if (op.phase === 1) rwsemOf(op).visitBlockers(op, visit);
}

const acquiring = {
  announce: (op: Operation): void => {
    op.machine.contexts.mightSleep(op);
  },
  isEnabled: isItsTurn,
  blockers,
  narrate: narrateAcquire,
} as const;

function takeRead(op: Operation): void {
  acquire(op, addReader);
}

export const DOWN_READ = new Primitive({
  ...acquiring,
  name: 'down_read',
  lock: ACQUIRES_READ,
  act: takeRead,
});

/** Gets in although a writer waits, and before everybody who queues: proposed in 2009, never merged. */
export const DOWN_READ_UNFAIR = new Primitive({
  ...acquiring,
  name: 'down_read_unfair',
  lock: ACQUIRES_READ,
  act: takeRead,
});

/** A read hold that any thread may give back; it is nobody's, so no deadlock can be blamed on who took it. */
export const DOWN_READ_NON_OWNER = new Primitive({
  ...acquiring,
  name: 'down_read_non_owner',
  lock: ACQUIRES_READ,
  act: (op) => {
    acquire(op, ({ machine: { journal } }, sem) => {
      add(sem.readers, 1, journal);
      store(sem.ownerless, load(sem.ownerless) + 1, journal);
    });
  },
});

export const DOWN_WRITE = new Primitive({
  ...acquiring,
  name: 'down_write',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    acquire(op, take);
  },
});

export const DOWN_READ_TRYLOCK = new Primitive({
  name: 'down_read_trylock',
  lock: TRIES_READ,
  act: (op) => {
    const sem = rwsemOf(op);
    if (isFreed(op, sem) || !sem.isVacantFor(false)) return false;
    addReader(op, sem);
    // A writer of the queue whose turn it was may have been passed.
    sem.settleQueue();
    return true;
  },
  narrate: narrateTry,
});

export const DOWN_WRITE_TRYLOCK = new Primitive({
  name: 'down_write_trylock',
  lock: TRIES_WRITE,
  act: (op) => {
    const sem = rwsemOf(op);
    if (isFreed(op, sem) || !sem.isVacantFor(true)) return false;
    take(op, sem);
    return true;
  },
  narrate: narrateTry,
});

export const UP_READ = new Primitive({
  name: 'up_read',
  lock: RELEASES_READ,
  act: (op) => {
    if (dropReader(op, rwsemOf(op))) rwsemOf(op).settleQueue();
  },
  narrate: narrateLock,
});

export const UP_READ_NON_OWNER = new Primitive({
  name: 'up_read_non_owner',
  lock: RELEASES_READ,
  act: (op) => {
    const sem = rwsemOf(op);
    if (isFreed(op, sem)) return;
    const { machine } = op;
    if (load(sem.ownerless) === 0) {
      machine.panic(op, `up_read_non_owner(${sem.name}): there is no read hold without an owner`);
      return;
    }
    store(sem.ownerless, load(sem.ownerless) - 1, machine.journal);
    add(sem.readers, -1, machine.journal);
    sem.settleQueue();
  },
  narrate: narrateLock,
});

/** What `b` is in the second event of up_write(). */
const WOKEN = 1;

/** Under the stealing policy the readers of the queue are woken in a second event: in between a writer may steal. */
export const UP_WRITE = new Primitive({
  name: 'up_write',
  lock: RELEASES_WRITE,
  act: (op) => {
    const sem = rwsemOf(op);
    const { journal } = op.machine;
    if (op.phase === 1) {
      op.phase = 0;
      if (isFreed(op, sem)) return;
      op.b = WOKEN;
      store(sem.waker, NOBODY, journal);
    } else if (!drop(op, sem)) {
      return;
    } else if (sem.wakesInSecondEvent) {
      store(sem.waker, op.thread, journal);
      op.phase = 1;
      op.keepPending();
    }
    sem.settleQueue();
  },
  narrate: (op) => (op.b === WOKEN ? `${narrateLock(op)}: wakes readers` : narrateLock(op)),
});

/** The writer becomes a reader, and lets the readers at the head of the queue in. */
export const DOWNGRADE_WRITE = new Primitive({
  name: 'downgrade_write',
  lock: RELEASES_WRITE,
  act: (op) => {
    const sem = rwsemOf(op);
    if (!drop(op, sem)) return;
    addReader(op, sem);
    sem.settleQueue();
  },
  narrate: narrateLock,
});
