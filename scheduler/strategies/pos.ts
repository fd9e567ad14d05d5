// Partial order sampling (Yuan, Yang and Gu, CAV 2018): every pending operation has a random priority of its own, the
// highest one takes place, and those that race with it draw anew. So the order of two racing operations is decided when
// they meet, and not, as under PCT, once for all operations of their threads.
// Differences: whether two operations race is guessed from what they announce (src/machine/conflict.ts), where the paper
// has accesses to one variable and nothing else; priorities are whole numbers, and equal ones go by index; a thread that
// is the only one to be able to go on does so without a draw.
import { type DataPurpose, mayConflict } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { FaultPlan } from './fault-plan.js';
import { Numbers } from './numbers.js';
import { RunnableList } from './runnable-list.js';

const NONE = -1;
/** So many priorities that two are hardly ever equal. */
const priorities = 2 ** 30;

export class Pos implements Strategy {
  readonly name = 'pos';
  readonly keepsTime = true;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  /** By thread: the priority of its pending operation, or NONE. */
  readonly #priority = new Numbers(NONE);
  readonly #list = new RunnableList();
  #view: View | undefined = undefined;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = new Random(streamName(seed, 'pos/schedule', 0));
    this.#faults = new FaultPlan(seed, this.name);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, 'pos/schedule', block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#priority.clear();
    this.#faults.begin();
  }

  choose(): number {
    const view = this.#view as View;
    const { runnable } = view;
    const { count } = runnable;
    const priority = this.#priority;
    priority.cover(view.threadCount);
    if (count === 1) {
      const only = runnable.at(0);
      priority.set(only, NONE);
      return only;
    }
    const threads = this.#list.of(runnable);
    let next = NONE;
    let highest = NONE;
    for (let n = 0; n < count; n++) {
      const thread = threads[n] as number;
      let own = priority.of(thread);
      if (own === NONE) priority.set(thread, (own = this.#random.below(priorities)));
      if (own > highest) {
        highest = own;
        next = thread;
      }
    }
    priority.set(next, NONE);
    // Whoever races with the operation that takes place loses its priority.
    const op = view.operationOf(next);
    for (let n = 0; n < count; n++) {
      const thread = threads[n] as number;
      if (thread !== next && mayConflict(op, view.operationOf(thread))) priority.set(thread, NONE);
    }
    return next;
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#faults.learn(lesson);
  }
}
