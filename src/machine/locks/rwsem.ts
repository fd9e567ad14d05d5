// struct rw_semaphore, fair in FIFO order: a reader is granted at once if no writer is in and nobody queues;
// whoever cannot be granted joins the queue in one event and is granted in a second one. The leading readers of
// the queue are let in together. Not modelled: writers that steal the lock past the queue (3.10 and later).
import { Cell, load, poison, store } from '../cell.js';
import type { Journal } from '../journal.js';
import { type Operation, Primitive } from '../op.js';
import { ACQUIRES_READ, ACQUIRES_WRITE, RELEASES_READ, RELEASES_WRITE } from './use.js';
import { drop, isFreed, narrateLock, NOBODY, take } from './lock.js';
import { addReader, dropReader, SharedLock } from './readers.js';

/** One entry of the queue: an immutable list, so that a cell can hold it and undo it. Built only on contention. */
class Queued {
  readonly op: Operation;
  readonly writes: boolean;
  readonly next: Queued | null;

  constructor(op: Operation, writes: boolean, next: Queued | null) {
    this.op = op;
    this.writes = writes;
    this.next = next;
  }

  /** For digests: the whole rest of the queue. */
  get name(): string {
    const rest = this.next === null ? '' : ` ${this.next.name}`;
    return `${this.op.slot.name}(${this.writes ? 'write' : 'read'})${rest}`;
  }

  get label(): string {
    return this.name;
  }
}

export class Rwsem extends SharedLock {
  readonly type = 'rwsem';
  /** Who waits, first come first. */
  readonly queue = new Cell<Queued | null>(this, 'queue', null);

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    const writes = op.primitive === DOWN_WRITE;
    this.visitHolders(writes, visit);
    for (let at = load(this.queue); at !== null && at.op !== op; at = at.next) {
      if (writes || at.writes) visit(at.op.thread);
    }
  }

  /** Whether an acquisition could be granted to somebody who does not queue. */
  isFreeFor(writes: boolean): boolean {
    if (load(this.holder) !== NOBODY || load(this.queue) !== null) return false;
    return !writes || load(this.readers) === 0;
  }

  enqueue(op: Operation, writes: boolean, journal: Journal): void {
    const append = (at: Queued | null): Queued =>
      at === null ? new Queued(op, writes, null) : new Queued(at.op, at.writes, append(at.next));
    store(this.queue, append(load(this.queue)), journal);
  }

  dequeue(op: Operation, journal: Journal): void {
    const without = (at: Queued | null): Queued | null => {
      if (at === null) return null;
      return at.op === op ? at.next : new Queued(at.op, at.writes, without(at.next));
    };
    store(this.queue, without(load(this.queue)), journal);
  }

  /** Whether it is the turn of one that queues: the writer at the head, or one of the readers there. */
  isTurnOf(op: Operation): boolean {
    // Freed memory: the thread goes on into its panic.
    if (load(this.holder) === poison) return true;
    let mayRead = load(this.holder) === NOBODY;
    let mayWrite = mayRead && load(this.readers) === 0;
    for (let at = load(this.queue); at !== null && mayRead; at = at.next) {
      if (at.op === op) return at.writes ? mayWrite : mayRead;
      mayWrite = false;
      mayRead = !at.writes;
    }
    return false;
  }

  /** Makes exactly those of the queue runnable whose turn it is. */
  settleQueue(): void {
    for (let at = load(this.queue); at !== null; at = at.next) {
      if (this.isTurnOf(at.op)) at.op.machine.unblock(at.op);
      else at.op.machine.block(at.op);
    }
  }
}

const rwsemOf = (op: Operation): Rwsem => op.subject as Rwsem;

function acquire(op: Operation, writes: boolean): void {
  const sem = rwsemOf(op);
  if (isFreed(op, sem)) return;
  const journal = op.machine.journal;
  if (op.phase === 0 && !sem.isFreeFor(writes)) {
    sem.enqueue(op, writes, journal);
    op.phase = 1;
    op.keepPending();
    sem.settleQueue();
    if (!isItsTurn(op)) op.machine.blockOnLock(op);
    return;
  }
  const queued = op.phase === 1;
  if (queued) sem.dequeue(op, journal);
  op.phase = 0;
  if (writes) take(op, sem);
  else addReader(op, sem);
  if (queued) sem.settleQueue();
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

const mightSleep = (op: Operation): void => {
  op.machine.contexts.mightSleep(op);
};

export const DOWN_READ = new Primitive({
  name: 'down_read',
  lock: ACQUIRES_READ,
  announce: mightSleep,
  isEnabled: isItsTurn,
  blockers,
  act: (op) => {
    acquire(op, false);
  },
  narrate: narrateAcquire,
});

export const DOWN_WRITE = new Primitive({
  name: 'down_write',
  lock: ACQUIRES_WRITE,
  announce: mightSleep,
  isEnabled: isItsTurn,
  blockers,
  act: (op) => {
    acquire(op, true);
  },
  narrate: narrateAcquire,
});

export const UP_READ = new Primitive({
  name: 'up_read',
  lock: RELEASES_READ,
  act: (op) => {
    if (dropReader(op, rwsemOf(op))) rwsemOf(op).settleQueue();
  },
  narrate: narrateLock,
});

export const UP_WRITE = new Primitive({
  name: 'up_write',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (drop(op, rwsemOf(op))) rwsemOf(op).settleQueue();
  },
  narrate: narrateLock,
});
