// The threads that could go on, as a list: for strategies that look at each of them at every decision.
import type { ThreadSet } from '../../src/machine/index.js';

const roomAtFirst = 64;

export class RunnableList {
  #threads = new Int32Array(roomAtFirst);

  /** The threads in ascending order, at the start of a list that the next call uses again. */
  of(runnable: ThreadSet): Int32Array {
    if (runnable.count > this.#threads.length) this.#threads = new Int32Array(2 * runnable.count);
    runnable.writeTo(this.#threads);
    return this.#threads;
  }
}
