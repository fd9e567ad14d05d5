// Delay bounding (Emmi, Qadeer and Rakamaric, POPL 2011), sampled: a fixed scheduler, except that at some decisions it
// passes over the thread that it would take. The fixed scheduler is round robin without preemption, the default of every
// schedule here: a thread goes on while it can, then the next one in turn does. With d delays there are at most k^d
// schedules of k decisions, however many threads there are.
// Differences: the paper searches all places for the delays, here each execution draws d of them, evenly among as many
// decisions as an execution has had so far at most. Several may fall on one decision: it passes over several threads.
// Fewer than d take place where an execution is shorter than that. A thread that is passed over is not asked again before
// all others have had their turn, or the present one cannot go on.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { ChangePoints } from './change-points.js';
import { FaultPlan } from './fault-plan.js';

export class Delay implements Strategy {
  readonly name: string;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  readonly #delays: ChangePoints;
  #decisionsExpected = 1;
  #view: View | undefined = undefined;

  /** @param delays at most so many in one execution; at least 1 */
  constructor(seed: string, delays: number) {
    this.name = `delay:${String(delays)}`;
    this.#seed = seed;
    this.#random = new Random(streamName(seed, `${this.name}/schedule`, 0));
    this.#faults = new FaultPlan(seed, this.name);
    this.#delays = new ChangePoints(delays);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, `${this.name}/schedule`, block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#delays.drawAny(this.#random, this.#decisionsExpected);
    this.#faults.begin();
  }

  choose(current: number): number {
    const { runnable } = this.#view as View;
    let next = runnable.preferred(current);
    for (let due = this.#delays.due(); due > 0; due--) next = runnable.after(next);
    return next;
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#decisionsExpected = Math.max(this.#decisionsExpected, lesson.decisionsMax);
    this.#faults.learn(lesson);
  }
}
