// Random walk: every runnable thread is equally likely at every decision. Simple, fair, blind: the probability
// of holding one thread back for m steps falls like (1 - 1/n)^m.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { FaultPlan } from './fault-plan.js';

export class RandomWalk implements Strategy {
  readonly name = 'random';
  readonly #seed: string;
  readonly #schedule: Random;
  readonly #faults: FaultPlan;
  #view: View | undefined = undefined;

  constructor(seed: string) {
    this.#seed = seed;
    this.#schedule = new Random(streamName(seed, 'random/schedule', 0));
    this.#faults = new FaultPlan(seed, 'random');
  }

  beginBlock(block: number): void {
    this.#schedule.restart(streamName(this.#seed, 'random/schedule', block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#faults.begin();
  }

  choose(): number {
    const runnable = (this.#view as View).runnable;
    return runnable.at(this.#schedule.below(runnable.count));
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#faults.learn(lesson);
  }
}
