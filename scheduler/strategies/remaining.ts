// What each thread of an execution has left to do, its descendants that do not exist yet included. A new thread takes
// what it has to do from its creator.
import type { View } from '../strategy.js';
import type { EventCounts } from './event-counts.js';
import { Numbers } from './numbers.js';

export class Remaining {
  readonly #left = new Numbers(0);
  /** By thread: its name and count when it was last looked up, as most executions have the same threads. */
  readonly #names: string[] = [];
  readonly #initial: number[] = [];
  #counts: EventCounts | undefined = undefined;
  /** Threads so far. */
  known = 0;

  /** A new execution begins, with these counts. */
  restart(counts: EventCounts): void {
    if (counts !== this.#counts) {
      this.#counts = counts;
      this.#names.length = this.#initial.length = 0;
    }
    this.#left.clear();
    this.known = 0;
  }

  /**
   * Admits the next thread.
   * @param creator the thread during whose step it was made, or -1
   * @returns what it has to do
   */
  admit(view: View, creator: number): number {
    const thread = this.known++;
    this.#left.cover(this.known);
    const count = this.#countOf(thread, view.nameOf(thread));
    this.#left.set(thread, count);
    if (creator >= 0) this.#left.set(creator, Math.max(0, this.#left.of(creator) - count));
    return count;
  }

  #countOf(thread: number, name: string): number {
    if (this.#names[thread] === name) return this.#initial[thread] as number;
    const count = (this.#counts as EventCounts).of(name);
    this.#names[thread] = name;
    this.#initial[thread] = count;
    return count;
  }

  /** What is left, as far as is known; 0 for one that has done it all. */
  of(thread: number): number {
    return this.#left.of(thread);
  }

  /** The thread takes a step that counts. */
  spend(thread: number): void {
    const left = this.#left.of(thread);
    if (left > 0) this.#left.set(thread, left - 1);
  }
}
