// The locks that one thread holds, in the order in which it took them: what lockdep, the race detector and the rules
// about locks at a thread's end read. It follows from the thread's steps, so nothing of it is logged; whoever goes
// back in the middle of an execution has to build it anew.
import type { Lock } from './lock.js';

export type HoldMode = 'write' | 'read';

export class HeldLocks {
  /** How many it holds; a lock that is held twice counts twice. */
  depth = 0;
  readonly #locks: Lock[] = [];
  readonly #modes: HoldMode[] = [];

  /** The n-th lock in the order of taking, counted from 0. */
  lock(n: number): Lock {
    return this.#locks[n] as Lock;
  }

  mode(n: number): HoldMode {
    return this.#modes[n] as HoldMode;
  }

  took(lock: Lock, mode: HoldMode): void {
    this.#locks[this.depth] = lock;
    this.#modes[this.depth] = mode;
    this.depth++;
  }

  /** Gives back the hold that was taken last; false if there is none. */
  gave(lock: Lock, mode: HoldMode): boolean {
    const last = this.depth - 1;
    if (last >= 0 && this.#locks[last] === lock && this.#modes[last] === mode) {
      this.depth = last;
      return true;
    }
    return this.#gaveInner(lock, mode);
  }

  /** Locks need not be given back in the reverse order of taking. */
  #gaveInner(lock: Lock, mode: HoldMode): boolean {
    for (let n = this.depth - 1; n >= 0; n--) {
      if (this.#locks[n] !== lock || this.#modes[n] !== mode) continue;
      this.depth--;
      for (let m = n; m < this.depth; m++) {
        this.#locks[m] = this.#locks[m + 1] as Lock;
        this.#modes[m] = this.#modes[m + 1] as HoldMode;
      }
      return true;
    }
    return false;
  }

  restart(): void {
    this.depth = 0;
  }
}
