// What RCU knows of one thread. A grace period needs no more than a count of the thread's quiescent states: a read
// section that was open when the grace period began is over as soon as the count has changed.
import { Cell } from '../cell.js';
import type { Named } from '../names.js';
import { Callbacks } from './callback-queue.js';
import { OpenSections } from './open-sections.js';

/** As many as RcuThread.cells has. */
export const noRcuCells: readonly undefined[] = [undefined, undefined, undefined, undefined];

export class RcuThread implements Named {
  readonly #thread: Named;
  /** How many read sections the thread is in; they nest. */
  readonly depth: Cell<number>;
  /** How often it has come out of its outermost section. */
  readonly quiescentStates: Cell<number>;
  /** The sections that the thread waits for. */
  readonly awaited: Cell<OpenSections>;
  /** The callbacks that it waits for. */
  readonly awaitedCallbacks: Cell<Callbacks>;

  constructor(thread: Named) {
    this.#thread = thread;
    this.depth = new Cell<number>(this, 'depth', 0);
    this.quiescentStates = new Cell<number>(this, 'quiescent_states', 0);
    this.awaited = new Cell<OpenSections>(this, 'awaited', OpenSections.none);
    this.awaitedCallbacks = new Cell<Callbacks>(this, 'awaited_callbacks', Callbacks.none);
  }

  get cells(): readonly Cell<unknown>[] {
    const { depth, quiescentStates, awaited, awaitedCallbacks } = this;
    return [depth, quiescentStates, awaited, awaitedCallbacks].map((cell) => cell as Cell<unknown>);
  }

  get name(): string {
    return `${this.#thread.name}.rcu`;
  }

  get label(): string {
    return this.name;
  }
}
