// Discrete-event simulation: every CPU has a clock, and whoever is due earliest goes next. A step costs a number of
// simulated nanoseconds drawn from the seed. They are nobody's measurement: they only spread the steps over time, so
// that sleeps, timeouts and timers come in the order of their distances. Nothing but the choice of who goes next
// follows from a clock, so its schedules are replayed without one.
import {
  type Arrivals,
  AS_ARMED,
  AT_ANY_TIME,
  type DataPurpose,
  EventQueue,
  ModelError,
} from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { FaultPlan } from './fault-plan.js';
import { Times } from './times.js';

const NOBODY_YET = -1;
/** The largest bound that a draw takes. */
const drawMax = 2 ** 30;

export class Timed implements Strategy, Arrivals {
  readonly name: string;
  readonly keepsTime = true;
  readonly #seed: string;
  readonly #latencyMax: number;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  readonly #queue = new EventQueue();
  /** By CPU: until when it is busy. */
  readonly #clocks = new Times(0);
  /** By thread: when its pending operation is due. */
  readonly #due = new Times(0);
  /** By thread: when what was last armed for it is due. */
  readonly #armed = new Times(0);
  /** By thread: the time of its event in the queue, or -1. Other events of the thread there are void. */
  readonly #queued = new Times(-1);
  /** Threads that have come to be able to go on since the last decision. */
  readonly #arrived: number[] = [];
  /** By thread: 1 for those. */
  readonly #noted = new Times(0);
  #arrivedCount = 0;
  /** Threads so far whose first operation was looked at. */
  #known = 0;
  /** Events so far: of two at one time the earlier comes first, give or take. */
  #events = 0;
  /** Who has taken the last step. */
  #last = NOBODY_YET;
  /** When the last step began. */
  #now = 0;
  /** When it ended. */
  #end = 0;
  #decisionsExpected = 1;
  #view: View | undefined = undefined;

  /** @param latencyMax a step costs 1 to so many simulated nanoseconds; with 0, nothing */
  constructor(seed: string, latencyMax: number) {
    this.name = `timed:${String(latencyMax)}`;
    this.#seed = seed;
    this.#latencyMax = latencyMax;
    this.#random = new Random(streamName(seed, `${this.name}/schedule`, 0));
    this.#faults = new FaultPlan(seed, this.name);
  }

  /** When the last step began, in simulated nanoseconds since the start of the execution. */
  get now(): number {
    return this.#now;
  }

  /** Until when a CPU is busy, in simulated nanoseconds since the start of the execution. */
  clockOf(cpu: number): number {
    return this.#clocks.of(cpu);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, `${this.name}/schedule`, block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#queue.clear();
    for (const times of [this.#clocks, this.#due, this.#armed, this.#queued, this.#noted])
      times.clear();
    this.#arrivedCount = this.#events = this.#now = this.#end = 0;
    view.runnable.arrivals = this;
    this.#faults.begin();
    this.#known = 0;
    this.#last = NOBODY_YET;
    this.#meet(view);
    for (let thread = 0; thread < this.#known; thread++) {
      if (view.runnable.has(thread)) this.#enqueue(thread);
    }
  }

  // --- What the machine tells -------------------------------------------------------------------------------

  arrived(thread: number): void {
    // A thread may come and go while nobody asks: once is enough.
    if (this.#noted.of(thread) === 1) return;
    this.#noted.set(thread, 1);
    this.#arrived[this.#arrivedCount++] = thread;
  }

  renewed(thread: number, delay: number): void {
    const due = this.#now + delay;
    this.#armed.set(thread, due);
    const view = this.#view as View;
    if (thread >= view.threadCount || view.delayOf(thread) === 0) return;
    this.#due.set(thread, due);
    if (view.runnable.has(thread)) this.arrived(thread);
  }

  // --- Who goes next ----------------------------------------------------------------------------------------

  choose(current: number): number {
    const view = this.#view as View;
    const { runnable } = view;
    const last = this.#last;
    if (last !== NOBODY_YET) this.#announced(last);
    if (this.#known < view.threadCount) this.#meet(view);
    if (this.#arrivedCount > 0) this.#admit(current);
    // A store buffer that has drained interrupts nobody, so it is not the current thread; it may have more to drain.
    if (last !== current && runnable.has(last)) this.#enqueue(last);
    if (!runnable.has(current)) return this.#first();
    const due = this.#due.of(current);
    const queue = this.#queue;
    while (queue.count > 0 && queue.time <= due) {
      if (!this.#firstIsValid()) continue;
      const tie = this.#tie();
      if (queue.time === due && queue.tie > tie) break;
      const next = queue.thread;
      queue.replaceFirst(due, tie, current);
      this.#queued.set(next, -1);
      this.#queued.set(current, due);
      return this.#take(next);
    }
    return this.#take(current);
  }

  /** The first thread of the queue. */
  #first(): number {
    const queue = this.#queue;
    while (queue.count > 0) {
      if (!this.#firstIsValid()) continue;
      const next = queue.thread;
      queue.removeFirst();
      this.#queued.set(next, -1);
      return this.#take(next);
    }
    throw new ModelError('the event queue is empty although a thread could go on');
  }

  /** Whether the first event of the queue can take place; if not, it is dropped or put off. */
  #firstIsValid(): boolean {
    const queue = this.#queue;
    const { time, thread } = queue;
    const view = this.#view as View;
    const isLast = this.#queued.of(thread) === time;
    if (time !== this.#due.of(thread) || !view.runnable.has(thread)) {
      queue.removeFirst();
      if (isLast) this.#queued.set(thread, -1);
      return false;
    }
    if (this.#latencyMax === 0) return true;
    const free = this.#clocks.of(view.cpuOf(thread));
    if (free <= time) return true;
    // Another thread has its CPU until then.
    this.#due.set(thread, free);
    this.#queued.set(thread, free);
    queue.replaceFirst(free, this.#tie(), thread);
    return false;
  }

  /** The thread takes its step. */
  #take(thread: number): number {
    this.#last = thread;
    this.#now = this.#end = this.#due.of(thread);
    if (this.#latencyMax > 0) {
      this.#end += 1 + this.#random.below(this.#latencyMax);
      this.#clocks.set((this.#view as View).cpuOf(thread), this.#end);
    }
    return thread;
  }

  /** Threads begin with the step that spawned them. */
  #meet({ threadCount }: View): void {
    while (this.#known < threadCount) this.#announced(this.#known++);
  }

  /** The thread has taken a step and has announced the next one: when is that due? */
  #announced(thread: number): void {
    const delay = (this.#view as View).delayOf(thread);
    let due = this.#end + delay;
    if (delay === AS_ARMED) due = Math.max(this.#end, this.#armed.of(thread));
    else if (delay === AT_ANY_TIME) due = this.#end + this.#anyDelay();
    this.#due.set(thread, due);
  }

  /** What nothing announces comes at a moment of an execution as long as the longest one so far. */
  #anyDelay(): number {
    const length = this.#latencyMax * this.#decisionsExpected;
    return this.#random.below(Math.min(1 + length, drawMax));
  }

  /** Lines up whoever has come to be able to go on, except for the thread that is running. */
  #admit(current: number): void {
    const { runnable } = this.#view as View;
    const arrived = this.#arrived;
    for (let n = 0; n < this.#arrivedCount; n++) {
      const thread = arrived[n] as number;
      this.#noted.set(thread, 0);
      if (thread === current || !runnable.has(thread)) continue;
      if (this.#due.of(thread) < this.#now) this.#due.set(thread, this.#now);
      this.#enqueue(thread);
    }
    this.#arrivedCount = 0;
  }

  #enqueue(thread: number): void {
    const due = this.#due.of(thread);
    if (this.#queued.of(thread) === due) return;
    this.#queued.set(thread, due);
    this.#queue.add(due, this.#tie(), thread);
  }

  /** Of two events at one time the earlier one comes first, unless chance has it otherwise; nobody waits for ever. */
  #tie(): number {
    return this.#events++ + this.#random.below(2 * (this.#view as View).threadCount);
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#decisionsExpected = Math.max(this.#decisionsExpected, lesson.decisionsMax);
    this.#faults.learn(lesson);
  }
}
