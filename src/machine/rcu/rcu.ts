// RCU as one machine has it: which read sections are open, which callbacks are queued, and who waits for either.
import { Cell, load, store, tellAccesses } from '../cell.js';
import type { Machine } from '../machine.js';
import { ThreadSet } from '../thread-set.js';
import type { Thread } from '../thread.js';
import { Callbacks } from './callback-queue.js';
import { OpenSections } from './open-sections.js';

/** What the race detector knows of RCU: through which of these a thread hands on what it has done. */
export const rcuEvents = {
  /** To whoever goes on after a grace period. */
  sectionEnded: { name: 'the end of a read section' },
  /** To the sections that begin after a grace period has begun. */
  gracePeriodBegun: { name: 'the beginning of a grace period' },
  /** To rcu_barrier(). */
  callbackDone: { name: 'the end of an RCU callback' },
} as const;

export class Rcu {
  /** Who waits for a grace period or for callbacks; it follows from their pending operations. */
  readonly waiting = new ThreadSet();
  /** What call_rcu() has queued. */
  readonly callbacks = new Cell<Callbacks>(undefined, 'rcu_callbacks', Callbacks.none);
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The thread has a grace period begin: returns what it waits for. */
  begin(thread: Thread): OpenSections {
    this.#machine.races?.handsOn(thread, rcuEvents.gracePeriodBegun);
    const readers: Thread[] = [];
    for (let t = 0; t < this.#machine.threadCount; t++) {
      const reader = this.#machine.thread(t);
      if (reader.isInReadSection) readers.push(reader);
    }
    return readers.length === 0 ? OpenSections.none : new OpenSections(readers);
  }

  /** The thread goes on after a grace period. */
  end(thread: Thread): void {
    this.#machine.races?.receives(thread, rcuEvents.sectionEnded);
  }

  /** The thread has entered its outermost section. */
  reading(thread: Thread): void {
    this.#machine.races?.receives(thread, rcuEvents.gracePeriodBegun);
  }

  /** The thread has come out of its outermost section. */
  quiescent(thread: Thread): void {
    this.#machine.races?.handsOn(thread, rcuEvents.sectionEnded);
    const { quiescentStates } = thread.rcu;
    store(quiescentStates, load(quiescentStates) + 1, this.#machine.journal);
    this.settle();
  }

  queue(callback: Thread): void {
    store(this.callbacks, load(this.callbacks).with(callback), this.#machine.journal);
  }

  /** The callback has returned. */
  done(callback: Thread): void {
    this.#machine.races?.handsOn(callback, rcuEvents.callbackDone);
    store(this.callbacks, load(this.callbacks).without(callback), this.#machine.journal);
    this.settle();
  }

  /** Makes exactly those who wait runnable that could go on. */
  settle(): void {
    if (this.waiting.count === 0) return;
    const told = tellAccesses(undefined);
    for (const waiter of this.waiting.sorted()) {
      const { op } = this.#machine.thread(waiter);
      if (op.isEnabled) this.#machine.unblock(op);
      else this.#machine.block(op);
    }
    tellAccesses(told);
  }
}
