// Counts what each thread of an execution does, for strategies that weigh threads by what they have left to do. It
// stands between the execution and a strategy and changes nothing: the strategy is asked what it would be asked anyway.
import type { DataPurpose, Operation } from '../src/machine/index.js';
import { limits } from '../src/limits.js';
import type { Profile } from './profile.js';
import type { Lesson, Strategy, View } from './strategy.js';

/**
 * What an operation uses, or undefined: a cell, a lock, the head of a list where it names one, a queue. Threads are none,
 * and whoever releases a lock meets nobody there.
 */
export function thingOf({ primitive, subject, a }: Operation): object | undefined {
  if (primitive.lock?.does === 'release' || primitive.follows !== undefined) return undefined;
  const thing = primitive.reach === 'list' ? (a ?? subject) : subject;
  return typeof thing === 'object' && thing !== null ? thing : undefined;
}

/** The name of a thing, if it has one: it is made up anew each time, so it is not for every step. */
export function nameOfThing(thing: object): string | undefined {
  const { name } = thing as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

interface Count {
  readonly name: string;
  readonly creator: string | undefined;
  events: number;
  readonly uses: Map<object, UseCount>;
  /** The locks that it holds, and whether alone; what a trylock got is not known, so it does not count. */
  readonly held: Map<object, boolean>;
}

interface UseCount {
  times: number;
  changes: boolean;
  /** Locks held at every use so far. */
  under: object[];
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
      this.#threads.push({
        name,
        creator: this.#last,
        events: 0,
        uses: new Map(),
        held: new Map(),
      });
    }
  }

  #count(thread: number, op: Operation): void {
    const count = this.#threads[thread];
    if (count === undefined) return;
    count.events++;
    const changes = !op.primitive.onlyLooks;
    const thing = thingOf(op);
    if (thing !== undefined && nameOfThing(thing) !== undefined) this.#use(count, thing, changes);
    const { lock } = op.primitive;
    if (lock?.does === 'acquire') count.held.set(op.subject as object, lock.mode === 'write');
    else if (lock?.does === 'release') count.held.delete(op.subject as object);
  }

  #use({ uses, held }: Count, thing: object, changes: boolean): void {
    const use = uses.get(thing);
    const protects = (lock: object): boolean =>
      held.get(lock) === true || (!changes && held.has(lock));
    if (use !== undefined) {
      use.times++;
      use.changes ||= changes;
      if (use.under.length > 0) use.under = use.under.filter(protects);
    } else if (uses.size < limits.profiledThings) {
      uses.set(thing, { times: 1, changes, under: [...held.keys()].filter(protects) });
    }
  }

  /** What the execution that has just ended showed. */
  get profile(): Profile {
    const threads = this.#threads.map(({ name, creator, events, uses }) => ({
      name,
      creator,
      events,
      uses: [...uses].map(([of, { times, changes, under }]) => ({
        of: nameOfThing(of) as string,
        times,
        changes,
        under: under.map((lock) => nameOfThing(lock) as string),
      })),
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
