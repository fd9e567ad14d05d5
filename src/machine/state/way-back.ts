// Going back in the middle of an execution: the journal undoes the cells, and what is not in cells is put back as it was
// before each step. The path of a thread that has moved is made anew, and only when the thread is to run.
import type { Machine } from '../machine.js';
import type { PendingOperation } from '../op.js';
import { okVerdict } from '../verdict.js';
import type { SavedHolds } from '../locks/held.js';
import type { SavedState, StateTracker } from './state-tracker.js';

/** Threads of a machine that this can go back on. */
const threadsMax = 32;

/** One step, before it is taken. */
interface Before {
  readonly thread: number;
  readonly mark: number;
  readonly runnable: number;
  readonly endedCount: number;
  readonly unfinished: number;
  readonly pending: PendingOperation;
  readonly held: SavedHolds | undefined;
  readonly state: SavedState;
}

export class WayBack {
  readonly #machine: Machine;
  readonly #tracker: StateTracker;
  readonly #steps: Before[] = [];

  constructor(machine: Machine, tracker: StateTracker) {
    this.#machine = machine;
    this.#tracker = tracker;
  }

  /** Whether everything that has happened so far can be undone. */
  get isOpen(): boolean {
    const machine = this.#machine;
    const { storeBuffers, loops, lockdep, watch, actors, threadCount } = machine;
    if (!machine.isPlain || loops.isActive || !this.#tracker.takesBack) return false;
    if (storeBuffers !== undefined || lockdep.watchesEvents || watch.looksAtChanges) return false;
    if (threadCount !== actors.length || threadCount > threadsMax) return false;
    for (let t = 0; t < threadCount; t++) {
      if (machine.thread(t).identity.created > 0) return false;
    }
    return true;
  }

  /** The thread is about to take the n-th step. */
  save(n: number, thread: number): void {
    const { journal, runnable, endedCount, unfinished } = this.#machine;
    const slot = this.#machine.thread(thread);
    const { primitive, subject, a, b, phase } = slot.op;
    this.#steps.length = n;
    this.#steps.push({
      thread,
      mark: journal.length,
      runnable: runnable.firstWord,
      endedCount,
      unfinished,
      pending: { primitive, subject, a, b, phase },
      held: slot.held.save(),
      state: this.#tracker.save(thread),
    });
  }

  /** Undoes the n-th step and all after it. */
  undoTo(n: number): void {
    const machine = this.#machine;
    for (let at = this.#steps.length - 1; at >= n; at--) this.#undo(this.#steps[at] as Before);
    const { mark, runnable, endedCount, unfinished, state } = this.#steps[n] as Before;
    this.#steps.length = n;
    this.#tracker.undoTo(mark, state);
    machine.runnable.firstWord = runnable;
    machine.endedCount = endedCount;
    machine.unfinished = unfinished;
    machine.verdict = okVerdict;
    machine.halted = false;
  }

  #undo({ thread, pending, held, state }: Before): void {
    const slot = this.#machine.thread(thread);
    const { op } = slot;
    if (op.isPending) op.primitive.forget?.(op);
    op.putBack(pending);
    op.primitive.park?.(op);
    slot.ended = slot.stopped = false;
    slot.result = undefined;
    slot.held.restore(held);
    this.#tracker.restore(thread, state);
  }

  /** Has the thread stand where it is, path and all. */
  freshen(thread: number): void {
    this.#tracker.freshen(this.#machine.thread(thread));
  }
}
