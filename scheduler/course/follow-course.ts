// Follows a course: lets each thread of a turn run until it comes to the place where the turn ended, whatever else has
// changed, and then the thread of the next turn. A place can be found in several ways, from the narrowest to the
// widest; which one is taken for which turn is for whoever looks for a run that fails again.
import type { Machine } from '../../src/machine/index.js';
import { blockersOf } from '../../src/machine/waits.js';
import {
  type Course,
  type Draw,
  type Place,
  placeLabel,
  type Turn,
} from '../../src/trace/course.js';
import type { Strategy, View } from '../strategy.js';
import { keysOf, type Places } from './places.js';

/**
 * How the end of a turn is found: before its operation, which time it is counted in that function, or anywhere; after
 * what was done last, counted in the same two ways; before anything done to the same subject; after so many steps.
 */
export const anchors = [
  'in function',
  'operation',
  'after in function',
  'after',
  'subject',
  'steps',
] as const;

type Anchor = (typeof anchors)[number];

/** A turn that could not be taken as it was recorded. */
export interface Missed {
  /** Which turn of the course, counted from 0. */
  readonly turn: number;
  /** The place that was not come to: `fork down_write(css_set_rwsem)#2`, or `a turn of fork`. */
  readonly place: string;
  /** What the thread does instead. */
  readonly instead: string;
  /** The thread could not even begin its turn. */
  readonly atStart: boolean;
  /** Questions asked by then. */
  readonly asked: number;
}

/** A turn with what is needed to see whether it is over. */
interface Due {
  readonly turn: Turn;
  readonly before: Sought | undefined;
  readonly after: Sought | undefined;
}

interface Sought {
  readonly place: Place;
  readonly keys: readonly [string, string, string];
}

export class FollowCourse implements Strategy {
  readonly name = 'follow-course';
  readonly keepsTime = true;
  /** What did not fit in this execution. */
  missed: Missed[] = [];
  /** Questions asked when each turn began. */
  begun: number[] = [];
  readonly #machine: Machine;
  readonly #places: Places;
  readonly #asked: () => number;
  #dues: readonly Due[] = [];
  #draws: readonly Draw[] = [];
  #anchors: readonly number[] = [];
  readonly #indices = new Map<string, number>();
  #known = 0;
  #next = 0;
  #hasBegun = false;
  #running = -1;
  #drawn = 0;
  #view: View | undefined = undefined;

  constructor(machine: Machine, places: Places, asked: () => number) {
    this.#machine = machine;
    this.#places = places;
    this.#asked = asked;
  }

  /** From the next execution on. */
  follow(course: Course): void {
    this.#dues = course.turns.map((turn) => ({
      turn,
      before: sought(turn.before),
      after: sought(turn.after),
    }));
    this.#draws = course.draws;
  }

  /** How the end of each turn is found in the next execution, as indices into `anchors`. */
  use(indices: readonly number[]): void {
    this.#anchors = indices;
  }

  beginBlock(): void {
    // A course knows no blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.missed = [];
    this.begun = [];
    this.#indices.clear();
    this.#known = this.#next = 0;
    this.#hasBegun = false;
    this.#running = -1;
  }

  choose(current: number): number {
    this.#drawn = 0;
    this.#running = this.#chosen(current);
    return this.#running;
  }

  #chosen(current: number): number {
    const { runnable } = this.#view as View;
    for (let due = this.#dues[this.#next]; due !== undefined; due = this.#dues[++this.#next]) {
      if (!this.#hasBegun) this.begun.push(this.#asked());
      const atStart = !this.#hasBegun;
      this.#hasBegun = true;
      const thread = this.#indexOf(due.turn.thread);
      const isLast = this.#next === this.#dues.length - 1;
      const isOver = thread !== undefined && !isLast && this.#isOver(due, thread);
      if (!isOver && thread !== undefined && runnable.has(thread)) return thread;
      if (isLast && !atStart) break;
      if (!isOver && !this.#stopsAsRecorded(due, thread)) this.#miss(due, thread, atStart);
      this.#hasBegun = false;
    }
    return runnable.preferred(current);
  }

  /** After an execution: it may have been over before the course was. */
  finish(): void {
    for (let due = this.#dues[this.#next]; due !== undefined; due = this.#dues[++this.#next]) {
      const thread = this.#indexOf(due.turn.thread);
      const isLast = this.#next === this.#dues.length - 1;
      if (isLast && this.#hasBegun) return;
      if (!this.#stopsAsRecorded(due, thread)) {
        this.#miss(due, thread, !this.#hasBegun);
        return;
      }
      this.#hasBegun = false;
    }
  }

  /** The thread cannot go on, and has ended as it had then, or is kept from what it was about to do then. */
  #stopsAsRecorded({ turn, before }: Due, thread: number | undefined): boolean {
    if (thread === undefined) return false;
    if (turn.before === undefined) return this.#machine.thread(thread).ended;
    return this.#isBefore(before, thread, 1);
  }

  /** Threads get their names as they are made. */
  #indexOf(name: string): number | undefined {
    for (; this.#known < this.#machine.threadCount; this.#known++) {
      this.#indices.set(this.#machine.threadName(this.#known), this.#known);
    }
    return this.#indices.get(name);
  }

  #isOver({ turn, before, after }: Due, thread: number): boolean {
    // Where it ended there is no place to stop at.
    if (turn.before === undefined) return false;
    const anchor: Anchor = anchors[this.#anchors[this.#next] ?? 0] ?? 'in function';
    const isGoingOn = !this.#machine.thread(thread).ended;
    switch (anchor) {
      case 'in function':
        return this.#isBefore(before, thread, 0);
      case 'operation':
        return this.#isBefore(before, thread, 1);
      case 'after in function':
        return isGoingOn && this.#isAfter(after, thread, 0);
      case 'after':
        return isGoingOn && this.#isAfter(after, thread, 1);
      case 'subject':
        return this.#isBefore(before, thread, 2);
      case 'steps':
        return isGoingOn && this.#places.stepsOf(thread) >= turn.steps;
    }
  }

  /** The thread stands before the place, or has passed it: then it had no reason to stop there. */
  #isBefore(target: Sought | undefined, thread: number, width: 0 | 1 | 2): boolean {
    if (target === undefined) return false;
    const { place, keys } = target;
    const done = this.#places.done(thread, keys[width]);
    const time = place.time[width];
    if (done >= time) return true;
    const { ended, stopped, op } = this.#machine.thread(thread);
    if (done < time - 1 || ended || stopped) return false;
    if (this.#places.spot(op).keys[width] !== keys[width]) return false;
    return this.#places.queuedOf(thread) >= (place.queued ?? 0);
  }

  #isAfter(target: Sought | undefined, thread: number, width: 0 | 1): boolean {
    if (target === undefined) return false;
    return this.#places.done(thread, target.keys[width]) >= target.place.time[width];
  }

  #miss({ turn }: Due, thread: number | undefined, atStart: boolean): void {
    const { before, thread: name } = turn;
    this.missed.push({
      turn: this.#next,
      place: atStart || before === undefined ? `a turn of ${name}` : placeLabel(name, before),
      instead: thread === undefined ? `there is no ${name}` : this.#standing(thread, atStart),
      atStart,
      asked: this.#asked(),
    });
  }

  /** What a thread does that does not come to where it should. */
  #standing(index: number, atStart: boolean): string {
    const machine = this.#machine;
    const thread = machine.thread(index);
    const { name, ended, stopped } = thread;
    if (ended) return atStart ? `${name} has ended` : `${name} ends without it`;
    if (stopped) return `${name} was stopped before`;
    const next = this.#places.next(thread);
    const where = next === undefined ? '' : ` before ${placeLabel('', next).trimStart()}`;
    if (machine.runnable.has(index)) return `${name} is${where} when the execution is over`;
    const blockers = blockersOf(machine, index).map((by) => machine.threadName(by));
    return `${name} waits${where}${blockers.length === 0 ? '' : `, for ${blockers.join(' and ')}`}`;
  }

  draw(ways: number): number {
    const nth = this.#drawn++;
    if (this.#draws.length === 0 || this.#running < 0) return 0;
    const { name, op } = this.#machine.thread(this.#running);
    const { keys } = this.#places.spot(op);
    const width = anchors[this.#anchors[0] ?? 0] === 'in function' ? 0 : 1;
    const time = this.#places.done(this.#running, keys[width]) + 1;
    const found = this.#draws.find(
      ({ thread, during, nth: n }) =>
        thread === name &&
        n === nth &&
        during.time[width] === time &&
        keysOf(during.in, during.does, during.to)[width] === keys[width],
    );
    return found === undefined || found.pick >= ways ? 0 : found.pick;
  }

  learn(): void {
    // There is nothing to learn.
  }
}

function sought(place: Place | undefined): Sought | undefined {
  return place && { place, keys: keysOf(place.in, place.does, place.to) };
}
