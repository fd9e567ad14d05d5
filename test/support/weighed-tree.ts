// The probability that a walk fails which picks threads by weights: the sum over all schedules, each with the product of
// its choices. It knows nothing of strategies, because it judges them.
import {
  Execution,
  type Profile,
  type Program,
  type Strategy,
  type View,
} from '../../scheduler/index.js';
import { isFailure } from '../../src/machine/index.js';

export interface Exact {
  readonly probability: number;
  readonly schedules: number;
  /** The most steps that each thread takes in any schedule, by index. */
  readonly events: readonly number[];
}

/** What a thread weighs that has taken so many steps. */
export type Weigh = (thread: number, steps: number) => number;

/** For programs without data choices whose threads exist from the start; failures end no run. */
export function weighTree(program: Program, weigh: Weigh): Exact {
  const tree = new Tree(weigh);
  const execution = new Execution(program.build('search'), tree, { all: true });
  let probability = 0;
  let schedules = 0;
  do {
    if (isFailure(execution.run())) probability += tree.probability;
    schedules++;
  } while (tree.advance());
  return { probability, schedules, events: tree.events };
}

/** URW, where each thread is known to have at most so many events. */
export function byEventsLeft(events: readonly number[]): Weigh {
  return (thread, steps) => Math.max(1, (events[thread] ?? 0) - steps);
}

/** What a profile would say. */
export function profileOf(program: Program, events: readonly number[]): Profile {
  const machine = program.build('search');
  machine.begin();
  const threads = events.map((count, thread) => ({
    name: machine.threadName(thread),
    creator: undefined,
    events: count,
    uses: [],
  }));
  return { threads };
}

class Tree implements Strategy {
  readonly name = 'tree';
  readonly keepsTime = true;
  probability = 1;
  readonly events: number[] = [];
  readonly #weigh: Weigh;
  readonly #forks: { readonly threads: readonly number[]; taken: number }[] = [];
  #depth = 0;
  #steps: number[] = [];
  #view: View | undefined = undefined;

  constructor(weigh: Weigh) {
    this.#weigh = weigh;
  }

  beginBlock(): void {
    // Everything is tried.
  }

  begin(view: View): void {
    this.#view = view;
    this.#depth = 0;
    this.probability = 1;
    this.#steps = Array.from({ length: view.threadCount }, () => 0);
  }

  choose(): number {
    const threads = this.#view?.runnable.sorted() ?? [];
    const fork = (this.#forks[this.#depth++] ??= { threads, taken: 0 });
    const thread = threads[fork.taken] ?? 0;
    const sum = threads.reduce((all, one) => all + this.#weightOf(one), 0);
    this.probability *= this.#weightOf(thread) / sum;
    this.#steps[thread] = (this.#steps[thread] ?? 0) + 1;
    this.events[thread] = Math.max(this.events[thread] ?? 0, this.#steps[thread]);
    return thread;
  }

  #weightOf(thread: number): number {
    return this.#weigh(thread, this.#steps[thread] ?? 0);
  }

  draw(): number {
    throw new Error('a tree of schedules knows no data choices');
  }

  learn(): void {
    // There is nothing to learn.
  }

  advance(): boolean {
    for (;;) {
      const last = this.#forks.at(-1);
      if (last === undefined) return false;
      last.taken++;
      if (last.taken < last.threads.length) return true;
      this.#forks.pop();
    }
  }
}
