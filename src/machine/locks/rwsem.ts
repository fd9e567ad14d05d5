// struct rw_semaphore: readers together or one writer; whoever cannot be granted joins the queue in one event and is
// granted in a second one. The leading readers of the queue are let in together. By what policy others may pass the
// queue is the kernel's (RwsemPolicy). Not modelled: spinning on a running owner, and the handoff to a writer that was
// passed for too long (5.3), so that stealing may starve it. The primitives are in rwsem-primitives.ts.
import { Cell, load, poison, store, tellAccesses } from '../cell.js';
import type { Journal } from '../journal.js';
import type { Named } from '../names.js';
import type { Operation } from '../op.js';
import type { RwsemPolicy } from '../profile.js';
import { NOBODY } from './lock.js';
import { SharedLock } from './readers.js';
import { appended, Queued, without } from './wait-queue.js';

export class Rwsem extends SharedLock {
  readonly type = 'rwsem';
  readonly policy: RwsemPolicy;
  /** Who waits, first come first. */
  readonly queue = new Cell<Queued | null>(this, 'queue', null);
  /** Read holds that belong to no thread. */
  readonly ownerless = new Cell<number>(this, 'ownerless', 0);
  /** The thread that has released the lock but not yet woken the readers of the queue, or NOBODY. */
  readonly waker = new Cell<number>(this, 'waker', NOBODY);

  constructor(owner: Named | undefined, field: string, policy: RwsemPolicy = 'fifo') {
    super(owner, field);
    this.policy = policy;
  }

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    const writes = isWriter(op);
    this.visitHolders(writes, visit);
    const waker = load(this.waker);
    if (!writes && waker >= 0) visit(waker);
    for (let at = load(this.queue); at !== null && at.op !== op; at = at.next) {
      if (this.#goesFirst(at, writes)) visit(at.op.thread);
    }
  }

  /** Whether one ahead in the queue must go first: readers are let in together, a writer waits for everybody. */
  #goesFirst(ahead: Queued, writes: boolean): boolean {
    return this.#isFair ? ahead.writes || writes : ahead.writes && writes;
  }

  get #isFair(): boolean {
    return this.policy !== 'reader-preferring';
  }

  #isFreeFor(writes: boolean): boolean {
    return load(this.holder) === NOBODY && !(writes && load(this.readers) > 0);
  }

  /** Whether one who comes now is granted at once. */
  isOpenTo(op: Operation): boolean {
    const writes = isWriter(op);
    if (!this.#isFreeFor(writes)) return false;
    const first = load(this.queue);
    if (first === null) return true;
    if (!writes) return !this.#isFair || passesQueue(op);
    // The readers at the head have the lock as soon as they are woken; a writer there has it when it takes it.
    return this.policy === 'stealing' && (first.writes || load(this.waker) !== NOBODY);
  }

  /** Whether a trylock succeeds: it passes no queue but one that readers need not join. */
  isVacantFor(writes: boolean): boolean {
    if (!this.#isFreeFor(writes)) return false;
    return load(this.queue) === null || (!writes && !this.#isFair);
  }

  /** Joins the queue: at the end, or, unfairly, at the head. */
  enqueue(op: Operation, journal: Journal): void {
    const queue = load(this.queue);
    const longer = passesQueue(op)
      ? new Queued(op, false, queue)
      : appended(queue, op, isWriter(op));
    store(this.queue, longer, journal);
  }

  dequeue(op: Operation, journal: Journal): void {
    store(this.queue, without(load(this.queue), op), journal);
  }

  /** Whether it is the turn of one that queues. */
  isTurnOf(op: Operation): boolean {
    // Freed memory: the thread goes on into its panic.
    if (load(this.holder) === poison) return true;
    const writes = isWriter(op);
    if (!this.#isFreeFor(writes) || (!writes && load(this.waker) !== NOBODY)) return false;
    for (let at = load(this.queue); at !== null; at = at.next) {
      if (at.op === op) return true;
      if (this.#goesFirst(at, writes)) return false;
    }
    return false;
  }

  /** Makes exactly those of the queue runnable whose turn it is. */
  settleQueue(): void {
    const told = tellAccesses(undefined);
    for (let at = load(this.queue); at !== null; at = at.next) {
      if (this.isTurnOf(at.op)) at.op.machine.unblock(at.op);
      else at.op.machine.block(at.op);
    }
    tellAccesses(told);
  }

  /** The lock was released: whether waking the readers at the head is an event of its own, so that it can be stolen. */
  get wakesInSecondEvent(): boolean {
    return this.policy === 'stealing' && load(this.queue)?.writes === false;
  }
}

function isWriter(op: Operation): boolean {
  return op.primitive.lock?.mode === 'write';
}

/** An unfair reader waits for no queue. */
function passesQueue(op: Operation): boolean {
  return op.primitive.name === 'down_read_unfair';
}
