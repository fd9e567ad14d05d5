// Ways to go on after a course that are orders of threads rather than exact steps: what comes of them depends on what
// the threads do now.
import type { Machine } from '../../src/machine/index.js';
import type { View } from '../strategy.js';
import { type Course, indexOf, type Move } from './course.js';
import { CUT, goOn, type Tail } from './drive.js';

/** One thread alone, until it cannot go on. */
export class Alone implements Tail {
  readonly #thread: number;
  readonly #stepsMax: number;
  #steps = 0;

  /** @param stepsMax it is cut off after so many steps */
  constructor(thread: number, stepsMax = Number.POSITIVE_INFINITY) {
    this.#thread = thread;
    this.#stepsMax = stepsMax;
  }

  choose(_current: number, { runnable }: View): number {
    if (!runnable.has(this.#thread) || this.#steps++ === this.#stepsMax) throw CUT;
    return this.#thread;
  }

  draw(): number {
    return 0;
  }
}

/**
 * The threads of a course in their order, as far as they can go on: where one has to wait, others go on meanwhile, and
 * where one has ended, its turn is passed. Then the default.
 */
export class InOrder implements Tail {
  readonly #machine: Machine;
  readonly #rest: Course;
  #next = 0;
  #draws: readonly number[] = [];

  constructor(machine: Machine, rest: Course) {
    this.#machine = machine;
    this.#rest = rest;
  }

  choose(current: number, view: View): number {
    this.#draws = [];
    for (;;) {
      const move = this.#rest[this.#next];
      if (move === undefined) return goOn.choose(current, view);
      const thread = indexOf(move, this.#machine);
      if (thread < 0 || this.#machine.thread(thread).ended) {
        this.#next++;
        continue;
      }
      if (!view.runnable.has(thread)) return goOn.choose(current, view);
      this.#next++;
      this.#draws = move.draws;
      return thread;
    }
  }

  draw(ways: number): number {
    const [pick = 0, ...rest] = this.#draws;
    this.#draws = rest;
    return pick < ways ? pick : 0;
  }
}

/** The moves without the first `count` of that thread. */
export function withoutFirst(course: Course, name: string, count: number): Move[] {
  let left = count;
  return course.filter((move) => move.name !== name || left-- <= 0);
}
