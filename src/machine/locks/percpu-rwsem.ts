// struct percpu_rw_semaphore: readers are cheap and do not see each other. A writer announces itself in one event, which
// keeps new readers out, and is in when the last of the old readers has left; so a read section must not nest. Not
// modelled: the grace period that a writer waits for before it announces itself (readers still come in meanwhile), and
// the order in which those who are kept out get their turn: any of them may be next.
import { Cell, load, store, tellAccesses } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { drop, isFreed, narrateLock, NOBODY, park, take, unpark } from './lock.js';
import { addReader, dropReader, SharedLock } from './readers.js';
import {
  ACQUIRES_READ,
  ACQUIRES_WRITE,
  narrateTry,
  RELEASES_READ,
  RELEASES_WRITE,
  TRIES_READ,
} from './use.js';

export class PercpuRwsem extends SharedLock {
  readonly type = 'percpu_rwsem';
  /** The writer that is in or waits for the readers to leave, or NOBODY. */
  readonly announced = new Cell<number>(this, 'announced', NOBODY);

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    if (op.phase === 1) this.visitHolders(true, visit);
    else if (load(this.announced) >= 0) visit(load(this.announced));
  }

  /** Whether a pending acquisition could go on: nobody has announced himself, or all readers have left. */
  couldProceed(op: Operation): boolean {
    // Comparisons that are false for freed memory, so that the thread goes on into its panic.
    return op.phase === 1 ? !(load(this.readers) > 0) : !(load(this.announced) >= 0);
  }

  override cells(): Cell<unknown>[] {
    return [...super.cells(), this.announced as Cell<unknown>];
  }

  /** Makes those runnable that could go on, and the others not. */
  settle({ machine }: Operation): void {
    const told = tellAccesses(undefined);
    const announced = load(this.announced);
    if (announced !== NOBODY && load(this.holder) === NOBODY && load(this.readers) === 0) {
      machine.unblock(machine.thread(announced).op);
    }
    for (const thread of this.parked.sorted()) {
      const waiter = machine.thread(thread).op;
      if (this.couldProceed(waiter)) machine.unblock(waiter);
      else machine.block(waiter);
    }
    tellAccesses(told);
  }
}

const semOf = (op: Operation): PercpuRwsem => op.subject as PercpuRwsem;

const acquiring = {
  announce: (op: Operation): void => {
    op.machine.contexts.mightSleep(op);
    if (!op.slot.stopped && !semOf(op).couldProceed(op)) op.machine.blockOnLock(op);
  },
  park,
  forget: unpark,
  isEnabled: (op: Operation): boolean => semOf(op).couldProceed(op),
  blockers: (op: Operation, visit: (thread: number) => void): void => {
    semOf(op).visitBlockers(op, visit);
  },
  narrate: (op: Operation): string =>
    op.isPending ? `${narrateLock(op)}: keeps new readers out` : narrateLock(op),
} as const;

export const PERCPU_DOWN_READ = new Primitive({
  ...acquiring,
  name: 'percpu_down_read',
  lock: ACQUIRES_READ,
  act: (op) => {
    const sem = semOf(op);
    if (isFreed(op, sem)) return;
    unpark(op);
    addReader(op, sem);
  },
});

/** Returns whether it took the lock; never waits. */
export const PERCPU_DOWN_READ_TRYLOCK = new Primitive({
  name: 'percpu_down_read_trylock',
  lock: TRIES_READ,
  act: (op) => {
    const sem = semOf(op);
    if (isFreed(op, sem) || load(sem.announced) !== NOBODY) return false;
    addReader(op, sem);
    return true;
  },
  narrate: narrateTry,
});

export const PERCPU_UP_READ = new Primitive({
  name: 'percpu_up_read',
  lock: RELEASES_READ,
  act: (op) => {
    if (dropReader(op, semOf(op))) semOf(op).settle(op);
  },
  narrate: narrateLock,
});

export const PERCPU_DOWN_WRITE = new Primitive({
  ...acquiring,
  name: 'percpu_down_write',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    const sem = semOf(op);
    if (isFreed(op, sem)) return;
    if (op.phase === 0) {
      unpark(op);
      store(sem.announced, op.thread, op.machine.journal);
      sem.settle(op);
      if (load(sem.readers) > 0) {
        op.phase = 1;
        op.keepPending();
        op.machine.blockOnLock(op);
        return;
      }
    }
    op.phase = 0;
    take(op, sem);
  },
});

export const PERCPU_UP_WRITE = new Primitive({
  name: 'percpu_up_write',
  lock: RELEASES_WRITE,
  act: (op) => {
    const sem = semOf(op);
    if (!drop(op, sem)) return;
    store(sem.announced, NOBODY, op.machine.journal);
    sem.settle(op);
  },
  narrate: narrateLock,
});
