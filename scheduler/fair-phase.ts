// Fair scheduling, for the end of an execution that does not come to its end: of the threads that could go on, whoever
// has not run for the longest time does. A thread that could go on only now and then gets its step the first time that
// it can, so whoever still does not get on is kept from it by the program. The priority relation of Musuvathi and Qadeer
// (PLDI 2008) leaves more choices open and is no fairer; as nothing is chosen here, the simplest order does.
import type { ThreadSet } from '../src/machine/index.js';

const NEVER = -1;

export class FairPhase {
  /** By thread: when it took its last step. */
  readonly #lastRun: number[] = [];
  #turns = 0;

  restart(): void {
    this.#lastRun.length = 0;
    this.#turns = 0;
  }

  /** Who takes the next step; there must be somebody. Of those who have not run yet, the lowest index. */
  next(runnable: ThreadSet): number {
    let next = runnable.at(0);
    for (let n = 1; n < runnable.count; n++) {
      const thread = runnable.at(n);
      if (this.#lastRunOf(thread) < this.#lastRunOf(next)) next = thread;
    }
    while (this.#lastRun.length <= next) this.#lastRun.push(NEVER);
    this.#lastRun[next] = this.#turns++;
    return next;
  }

  #lastRunOf(thread: number): number {
    return this.#lastRun[thread] ?? NEVER;
  }
}
