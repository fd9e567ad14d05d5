// Selectively uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025): for each schedule some events
// are of interest, here the uses of one thing that threads share. The order of these is drawn as URW draws it: one thread
// is intended to have the next of them, in proportion to how many it has left, and all others are held back before theirs.
// Among those who are not held back, operations go by random priorities, each operation by one of its own.
// Differences: the thing is drawn anew for each schedule, among all that several threads use and one changes, so that no
// choice of events has to be right; what only one lock's holders use is left out, as the order of its uses is the order of
// the lock's; uses are counted as URW's events are; releasing a lock is none, since nobody can
// be kept from it without keeping the others from the lock. If the intended thread cannot come to its event, another one
// is intended, of those that stand before theirs.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import { bothProfiles, type Profile } from '../profile.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { EventCounts } from './event-counts.js';
import { FaultPlan } from './fault-plan.js';
import { Numbers } from './numbers.js';
import { Remaining } from './remaining.js';
import { RunnableList } from './runnable-list.js';
import { Targets } from './targets.js';

const NOBODY = -1;
/** No thing is shared, as far as is known: every event is of interest. */
const EVERYTHING = -1;
const UNKNOWN = -1;
/** So many priorities that two are hardly ever equal. */
const priorities = 2 ** 30;
const NO = 0;
const YES = 1;

export class Surw implements Strategy {
  readonly name = 'surw';
  readonly keepsTime = true;
  readonly needsProfile = true;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  readonly #list = new RunnableList();
  readonly #remaining = new Remaining();
  /** By thread: whether its pending operation is of interest. */
  readonly #interest = new Numbers(UNKNOWN);
  /** By thread: a random priority for its pending operation, once it has been needed. */
  readonly #priority = new Numbers(UNKNOWN);
  #profile: Profile = { threads: [] };
  #targets = new Targets(this.#profile);
  #everything = everythingIn(this.#profile);
  /** The number of the thing whose uses are of interest. */
  #target = EVERYTHING;
  /** Who is to have the next event of interest. */
  #intended = NOBODY;
  #last = NOBODY;
  #view: View | undefined = undefined;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = new Random(streamName(seed, 'surw/schedule', 0));
    this.#faults = new FaultPlan(seed, this.name);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, 'surw/schedule', block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#interest.clear();
    this.#priority.clear();
    this.#last = this.#intended = NOBODY;
    const { count } = this.#targets;
    this.#target = count === 0 ? EVERYTHING : this.#random.below(count);
    const counts = count === 0 ? this.#everything : this.#targets.countsOf(this.#target);
    this.#remaining.restart(counts);
    this.#faults.begin();
  }

  choose(): number {
    const view = this.#view as View;
    if (this.#remaining.known < view.threadCount) this.#admit(view);
    const next = view.runnable.count === 1 ? view.runnable.at(0) : this.#pick(view);
    if (this.#isOfInterest(view, next)) {
      this.#remaining.spend(next);
      this.#intended = NOBODY;
    }
    this.#interest.set(next, UNKNOWN);
    this.#priority.set(next, UNKNOWN);
    this.#last = next;
    return next;
  }

  /** New threads take what they have to do from their creator, and with it their share of being intended. */
  #admit(view: View): void {
    const remaining = this.#remaining;
    this.#interest.cover(view.threadCount);
    this.#priority.cover(view.threadCount);
    while (remaining.known < view.threadCount) {
      const thread = remaining.known;
      const before = this.#last === NOBODY ? 0 : remaining.of(this.#last);
      const count = remaining.admit(view, this.#last);
      if (this.#intended !== this.#last || before === 0) continue;
      if (this.#random.below(before) < count) this.#intended = thread;
    }
  }

  #isOfInterest(view: View, thread: number): boolean {
    if (this.#target === EVERYTHING) return true;
    let answer = this.#interest.of(thread);
    if (answer === UNKNOWN) {
      answer = this.#targets.numberOf(view.operationOf(thread)) === this.#target ? YES : NO;
      this.#interest.set(thread, answer);
    }
    return answer === YES;
  }

  #pick(view: View): number {
    if (this.#intended === NOBODY) this.#intended = this.#weighed();
    const threads = this.#list.of(view.runnable);
    const { count } = view.runnable;
    // Whoever may go on comes to the front of the list.
    let free = 0;
    for (let n = 0; n < count; n++) {
      const thread = threads[n] as number;
      if (thread !== this.#intended && this.#isOfInterest(view, thread)) continue;
      threads[n] = threads[free] as number;
      threads[free++] = thread;
    }
    if (free > 0) return this.#highest(threads, free);
    this.#intended = this.#weighedOf(threads, count);
    return this.#intended;
  }

  /** Of the first threads of a list, the one whose pending operation has the highest priority. */
  #highest(threads: Int32Array, count: number): number {
    const priority = this.#priority;
    let next = NOBODY;
    let highest = UNKNOWN;
    for (let n = 0; n < count; n++) {
      const thread = threads[n] as number;
      let own = priority.of(thread);
      if (own === UNKNOWN) priority.set(thread, (own = this.#random.below(priorities)));
      if (own > highest) {
        highest = own;
        next = thread;
      }
    }
    return next;
  }

  /** One of all threads, by what they have left; NOBODY if that is nothing. */
  #weighed(): number {
    const remaining = this.#remaining;
    let sum = 0;
    for (let thread = 0; thread < remaining.known; thread++) sum += remaining.of(thread);
    if (sum === 0) return NOBODY;
    let left = this.#random.below(sum);
    let thread = -1;
    while (left >= 0) left -= remaining.of(++thread);
    return thread;
  }

  /** One of the first threads of a list, all of which have an event of interest to come. */
  #weighedOf(threads: Int32Array, count: number): number {
    const remaining = this.#remaining;
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
    this.#targets = new Targets(this.#profile);
    this.#everything = everythingIn(this.#profile);
    this.#faults.learn(lesson);
  }
}

function everythingIn(profile: Profile): EventCounts {
  return new EventCounts(profile, ({ events }) => events);
}
