// Counts what each thread of an execution does, for strategies that weigh threads by what they have left to do. It
// stands between the execution and a strategy and changes nothing: the strategy is asked what it would be asked anyway.
import type { DataPurpose, Operation } from '../src/machine/index.js';
import { limits } from '../src/limits.js';
import type { Profile } from './profile.js';
import type { Lesson, Strategy, View } from './strategy.js';

/**
 * The shared thing that an operation is about, or undefined: a cell, a lock, the head of a list where it names one, a
 * queue. Threads, types and what has no name are none, and whoever releases a lock meets nobody there.
 */
export function thingOf({ primitive, subject, a }: Operation): object | undefined {
  if (primitive.lock?.does === 'release' || primitive.follows !== undefined) return undefined;
  const thing = primitive.reach === 'list' ? (a ?? subject) : subject;
  if (typeof thing !== 'object' || thing === null) return undefined;
  return typeof (thing as { name?: unknown }).name === 'string' ? thing : undefined;
}

interface Count {
  readonly name: string;
  readonly creator: string | undefined;
  events: number;
  readonly uses: Map<object, { times: number; changes: boolean }>;
}

export class Profiler implements Strategy {
  readonly name: string;
  readonly keepsTime = true;
  readonly #inner: Strategy;
  #threads: Count[] = [];
  #last: string | undefined = undefined;
  #view: View | undefined = undefined;

  constructor(inner: Strategy) {
    this.name = inner.name;
    this.#inner = inner;
  }

  beginBlock(block: number): void {
    this.#inner.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#threads = [];
    this.#last = undefined;
    this.#inner.begin(view);
  }

  choose(current: number): number {
    const view = this.#view as View;
    this.#meet(view);
    const { runnable } = view;
    const asks = this.#inner.keepsTime === true || runnable.count > 1;
    const next = asks ? this.#inner.choose(current) : runnable.at(0);
    this.#last = view.nameOf(next);
    this.#count(next, view.operationOf(next));
    return next;
  }

  #meet(view: View): void {
    const known = Math.min(view.threadCount, limits.profiledThreads);
    for (let thread = this.#threads.length; thread < known; thread++) {
      const name = view.nameOf(thread);
      this.#threads.push({ name, creator: this.#last, events: 0, uses: new Map() });
    }
  }

  #count(thread: number, op: Operation): void {
    const count = this.#threads[thread];
    if (count === undefined) return;
    count.events++;
    const thing = thingOf(op);
    if (thing === undefined) return;
    const use = count.uses.get(thing);
    const changes = !op.primitive.onlyLooks;
    if (use === undefined) {
      if (count.uses.size < limits.profiledThings) count.uses.set(thing, { times: 1, changes });
    } else {
      use.times++;
      use.changes ||= changes;
    }
  }

  /** What the execution that has just ended showed. */
  get profile(): Profile {
    const threads = this.#threads.map(({ name, creator, events, uses }) => ({
      name,
      creator,
      events,
      uses: [...uses].map(([of, use]) => ({ of: (of as { name: string }).name, ...use })),
    }));
    return { threads };
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#inner.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#inner.learn(lesson);
  }
}
