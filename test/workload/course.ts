// A schedule that can be generated before anything is known of the program: now and then somebody else goes on,
// otherwise whoever runs. Leaving a choice out, or making its numbers smaller, never makes it invalid.
import type { Strategy, View } from '../../scheduler/index.js';

export interface SparseChoice {
  /** How many steps of its own whoever does the event takes before, from the last choice or the event's beginning. */
  readonly gap: number;
  /** Who goes on: 0 is the one that would anyway; else one of the other runnable threads, modulo how many there are. */
  readonly pick: number;
}

/** What is left of the choices of the event that a thread is at. */
interface Place {
  readonly choices: readonly SparseChoice[];
  next: number;
  passed: number;
}

export class Course implements Strategy {
  readonly name = 'sparse';
  /** By thread. */
  readonly #places: Place[] = [];
  #view: View | undefined = undefined;

  /** A thread begins an event with these choices. Threads tell this themselves; it is no step. */
  began(thread: number, choices: readonly SparseChoice[]): void {
    this.#places[thread] = { choices, next: 0, passed: 0 };
  }

  beginBlock(): void {
    // Nothing here is left to chance.
  }

  begin(view: View): void {
    this.#view = view;
  }

  choose(current: number): number {
    const { runnable } = this.#view as View;
    const first = runnable.preferred(current);
    const place = this.#places[first];
    const choice = place?.choices[place.next];
    if (place === undefined || choice === undefined || place.passed++ < choice.gap) return first;
    place.next++;
    place.passed = 0;
    if (choice.pick === 0) return first;
    const others = runnable.sorted().filter((thread) => thread !== first);
    return others[(choice.pick - 1) % others.length] ?? first;
  }

  draw(): number {
    return 0;
  }

  learn(): void {
    // There is nothing to learn.
  }
}
