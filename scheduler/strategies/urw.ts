// Uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025): a thread goes on with a probability in
// proportion to the events that it and the threads it will make have left. If the counts are right and nobody ever waits,
// every interleaving is equally likely. Where threads wait, it is not: whoever waits counts for nothing meanwhile.
// Differences: events are all steps of the machine; the counts come from profiles of all blocks so far, the largest
// one of each thread, where the paper has a single run beforehand; a thread that goes on beyond its count has 1 left.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import { bothProfiles, type Profile } from '../profile.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { EventCounts } from './event-counts.js';
import { FaultPlan } from './fault-plan.js';
import { Remaining } from './remaining.js';
import { RunnableList } from './runnable-list.js';

const NOBODY_YET = -1;

export class Urw implements Strategy {
  readonly name = 'urw';
  readonly keepsTime = true;
  readonly needsProfile = true;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  #profile: Profile = { threads: [] };
  #counts = countsOf(this.#profile);
  readonly #remaining = new Remaining();
  readonly #list = new RunnableList();
  #last = NOBODY_YET;
  #view: View | undefined = undefined;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = new Random(streamName(seed, 'urw/schedule', 0));
    this.#faults = new FaultPlan(seed, this.name);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, 'urw/schedule', block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#last = NOBODY_YET;
    this.#remaining.restart(this.#counts);
    this.#faults.begin();
  }

  choose(): number {
    const view = this.#view as View;
    const remaining = this.#remaining;
    while (remaining.known < view.threadCount) remaining.admit(view, this.#last);
    const next = view.runnable.count === 1 ? view.runnable.at(0) : this.#weighed(view);
    remaining.spend(next);
    this.#last = next;
    return next;
  }

  #weighed({ runnable }: View): number {
    const remaining = this.#remaining;
    const threads = this.#list.of(runnable);
    const { count } = runnable;
    let sum = 0;
    for (let n = 0; n < count; n++) sum += remaining.of(threads[n] as number) || 1;
    let left = this.#random.below(sum);
    let n = -1;
    while (left >= 0) left -= remaining.of(threads[++n] as number) || 1;
    return threads[n] as number;
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#profile = bothProfiles(this.#profile, lesson.profile) ?? this.#profile;
    this.#counts = countsOf(this.#profile);
    this.#faults.learn(lesson);
  }
}

function countsOf(profile: Profile): EventCounts {
  return new EventCounts(profile, ({ events }) => events);
}
