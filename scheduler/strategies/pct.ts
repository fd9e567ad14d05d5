// PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of
// Finding Bugs", ASPLOS 2010, which gives 1/(n k^(d-1)) for a bug of depth d. Where we differ, so that the bound is
// theirs and not ours: k counts decisions, not steps (a forced move cannot hide a bug), and is learned from the runs
// so far; change points are distinct; and whoever is demoted later is lower, where the paper draws that order too.
import { type DataPurpose, ModelError } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { ChangePoints } from './change-points.js';
import { FaultPlan } from './fault-plan.js';

export class Pct implements Strategy {
  readonly name: string;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  /** Threads by priority, the highest first. Each thread of the execution appears once. */
  readonly #order: number[] = [];
  /** How many of `order` have their first priority; the demoted ones stand behind them. */
  #undemoted = 0;
  #known = 0;
  /** At which decisions the running thread falls behind all others. */
  readonly #changes: ChangePoints;
  #decisionsExpected = 1;
  #view: View | undefined = undefined;

  /** @param depth d, the number of ordering constraints of the bugs looked for; at least 1 */
  constructor(seed: string, depth: number) {
    this.name = `pct:${String(depth)}`;
    this.#seed = seed;
    this.#random = new Random(streamName(seed, `${this.name}/schedule`, 0));
    this.#faults = new FaultPlan(seed, this.name);
    this.#changes = new ChangePoints(depth - 1);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, `${this.name}/schedule`, block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#known = 0;
    this.#undemoted = 0;
    this.#changes.drawDistinct(this.#random, this.#decisionsExpected);
    this.#faults.begin();
  }

  choose(): number {
    const view = this.#view as View;
    while (this.#known < view.threadCount) this.#rank(this.#known++);
    const at = this.#highest(view);
    if (this.#changes.due() === 0) return this.#order[at] as number;
    this.#demote(at);
    return this.#order[this.#highest(view)] as number;
  }

  /** A new thread gets a uniformly random rank among the first priorities. */
  #rank(thread: number): void {
    const order = this.#order;
    const rank = this.#random.below(this.#undemoted + 1);
    for (let i = this.#known - 1; i > rank; i--) order[i] = order[i - 1] as number;
    order[rank] = thread;
    this.#undemoted++;
  }

  #highest(view: View): number {
    const order = this.#order;
    for (let i = 0; i < this.#known; i++) if (view.runnable.has(order[i] as number)) return i;
    throw new ModelError('PCT was asked to choose although no thread is runnable');
  }

  #demote(at: number): void {
    const order = this.#order;
    const thread = order[at] as number;
    const last = this.#known - 1;
    for (let i = at; i < last; i++) order[i] = order[i + 1] as number;
    order[last] = thread;
    if (at < this.#undemoted) this.#undemoted--;
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#decisionsExpected = Math.max(this.#decisionsExpected, lesson.decisionsMax);
    this.#faults.learn(lesson);
  }
}
