// Lets threads go on in a given order, step by step: a course. Shrinking changes a course and sees what becomes of it, so
// a thread that cannot go on is passed over, and whoever could be next by default goes on once the order is used up.
import type { Strategy, View } from '../strategy.js';

/** What one execution did, without a word about who was preempted. */
export interface Course {
  /** The threads by name, step by step. */
  readonly turns: readonly string[];
  /** By name: what each thread has drawn, in order. */
  readonly draws: ReadonlyMap<string, readonly number[]>;
}

export class InTurn implements Strategy {
  readonly name = 'in turn';
  /** Steps that leave nothing to choose are turns, too. */
  readonly keepsTime = true;
  readonly #nameOf: (thread: number) => string;
  #course: Course = { turns: [], draws: new Map() };
  #view: View | undefined = undefined;
  #next = 0;
  #running = '';
  readonly #drawn = new Map<string, number>();

  /** @param nameOf the name of a thread of the present execution */
  constructor(nameOf: (thread: number) => string) {
    this.#nameOf = nameOf;
  }

  /** From the next execution on. */
  follow(course: Course): void {
    this.#course = course;
  }

  beginBlock(): void {
    // A course knows no blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.#next = 0;
    this.#running = '';
    this.#drawn.clear();
  }

  choose(current: number): number {
    const { runnable } = this.#view as View;
    const names = new Map(runnable.sorted().map((thread) => [this.#nameOf(thread), thread]));
    let chosen: number | undefined;
    while (chosen === undefined && this.#next < this.#course.turns.length) {
      chosen = names.get(this.#course.turns[this.#next++] as string);
    }
    chosen ??= runnable.preferred(current);
    this.#running = this.#nameOf(chosen);
    return chosen;
  }

  draw(ways: number): number {
    const n = this.#drawn.get(this.#running) ?? 0;
    this.#drawn.set(this.#running, n + 1);
    const value = this.#course.draws.get(this.#running)?.[n] ?? 0;
    return value < ways ? value : 0;
  }

  learn(): void {
    // There is nothing to learn.
  }
}
