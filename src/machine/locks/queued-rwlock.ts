// rwlock_t from 3.16 on (kernel/locking/qrwlock.c): whoever cannot get in at once queues, and only the first of the
// queue is next. Newcomers pass the queue until a waiting writer is next; from then on they queue behind it. A reader in
// interrupt context, which is also where softirqs are off, waits for no queue: it gets in as soon as no writer is in.
// Not modelled: the time between joining an empty queue and being next; nobody can tell it from coming later.
import { Cell, load, poison, store, tellAccesses, touch } from '../cell.js';
import { BH_OFF } from '../context/section.js';
import type { Operation } from '../op.js';
import { NOBODY, unpark } from './lock.js';
import { Rwlock, writes } from './rwlock.js';
import { appended, type Queued, without } from './wait-queue.js';

// What has happened of an acquisition so far: nothing, it has joined the queue, it is the one that is next.
const NEW = 0;
const QUEUED = 1;
const NEXT = 2;

export class QueuedRwlock extends Rwlock {
  /** Who waits, first come first. */
  readonly queue = new Cell<Queued | null>(this, 'queue', null);

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    if (op.phase !== QUEUED) this.visitHolders(writes(op), visit);
    for (let at = load(this.queue); op.phase !== NEW && at !== null && at.op !== op; at = at.next) {
      visit(at.op.thread);
    }
  }

  override couldProceed(op: Operation): boolean {
    const holder = load(this.holder);
    // Freed memory: the thread goes on into its panic.
    if (holder === poison) return true;
    switch (op.phase) {
      case NEW:
        return holder === NOBODY || writes(op) || !isInInterrupt(op);
      case QUEUED:
        return load(this.queue)?.op === op;
      default:
        return this.#isVacantFor(op);
    }
  }

  override isFreeFor(op: Operation): boolean {
    if (load(this.holder) === poison) return true;
    const first = load(this.queue);
    const next = first?.op.phase === NEXT ? first : undefined;
    if (writes(op)) return next === undefined && this.#isVacantFor(op);
    return this.#isVacantFor(op) && (next?.writes !== true || isInInterrupt(op));
  }

  override admit(op: Operation): boolean {
    if (op.phase === NEW ? this.isFreeFor(op) : this.#isVacantFor(op)) {
      if (op.phase !== NEW) this.#leaveQueue(op);
      unpark(op);
      this.grant(op);
      return true;
    }
    if (op.phase === NEW) this.#joinQueue(op);
    else this.#becomeNext(op);
    op.keepPending();
    const told = tellAccesses(undefined);
    if (!this.couldProceed(op)) op.machine.blockOnLock(op);
    tellAccesses(told);
    return false;
  }

  /** Whoever comes from now on sees that somebody is next. */
  #becomeNext(op: Operation): void {
    op.phase = NEXT;
    touch(this.queue as Cell<unknown>);
  }

  #joinQueue(op: Operation): void {
    unpark(op);
    const queue = load(this.queue);
    op.phase = queue === null ? NEXT : QUEUED;
    store(this.queue, appended(queue, op, writes(op)), op.machine.journal);
  }

  #leaveQueue(op: Operation): void {
    op.phase = NEW;
    store(this.queue, without(load(this.queue), op), op.machine.journal);
  }

  /** Nobody inside is in the way. */
  #isVacantFor(op: Operation): boolean {
    return load(this.holder) === NOBODY && !(writes(op) && load(this.readers) > 0);
  }

  override settleWaiting(op: Operation): void {
    super.settleWaiting(op);
    const told = tellAccesses(undefined);
    for (let at = load(this.queue); at !== null; at = at.next) {
      if (this.couldProceed(at.op)) op.machine.unblock(at.op);
      else op.machine.block(at.op);
    }
    tellAccesses(told);
  }
}

/** in_interrupt(): in a handler, or where softirqs are off, as the _bh forms switch them before they look. */
function isInInterrupt({ slot, primitive }: Operation): boolean {
  if (slot.isHandler || slot.processor.bhIsOff || slot.isEntering(BH_OFF)) return true;
  return primitive.name.endsWith('_bh');
}
