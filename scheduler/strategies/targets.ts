// Which things several threads share, as far as a profile has shown: what is worth deciding the order of. SURW picks one
// of them for each schedule. What one lock always protects is left out, in the way of Eraser's lock sets (Savage, Burrows,
// Nelson, Sobalvarro, Anderson, 1997).
import type { Profile } from '../profile.js';
import { nameOfThing, thingOf } from '../profiler.js';
import type { Operation } from '../../src/machine/index.js';
import { EventCounts } from './event-counts.js';

const UNSHARED = -1;

interface Target {
  readonly name: string;
  /** By thread: how often it uses the thing. */
  readonly uses: ReadonlyMap<string, number>;
  counts: EventCounts | undefined;
}

export class Targets {
  readonly #profile: Profile;
  readonly #all: readonly Target[];
  readonly #numbers: ReadonlyMap<string, number>;
  /** By thing: its number, as making a name for each step would cost too much. */
  readonly #known = new Map<object, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#all = sharedThings(profile);
    this.#numbers = new Map(this.#all.map(({ name }, number) => [name, number]));
  }

  /** How many there are; they are numbered from 0. */
  get count(): number {
    return this.#all.length;
  }

  /** How often each thread uses a target, descendants included. */
  countsOf(number: number): EventCounts {
    const target = this.#all[number] as Target;
    target.counts ??= new EventCounts(this.#profile, ({ name }) => target.uses.get(name) ?? 0);
    return target.counts;
  }

  /** The number of the target that an operation uses, or -1. */
  numberOf(op: Operation): number {
    const thing = thingOf(op);
    if (thing === undefined) return UNSHARED;
    const known = this.#known.get(thing);
    if (known !== undefined) return known;
    const number = this.#numbers.get(nameOfThing(thing) ?? '') ?? UNSHARED;
    this.#known.set(thing, number);
    return number;
  }
}

/**
 * What at least two threads use and at least one changes, in the order in which it was first seen; without what is used
 * under one and the same lock only, since the order of these uses is the order of the lock's.
 */
function sharedThings(profile: Profile): Target[] {
  const things = new Map<string, Sharing>();
  for (const { name, uses } of profile.threads) {
    for (const { of, times, changes, under } of uses) {
      const thing = things.get(of);
      if (thing === undefined) {
        things.set(of, { uses: new Map([[name, times]]), changes, under });
        continue;
      }
      thing.uses.set(name, times);
      thing.changes ||= changes;
      thing.under = thing.under.filter((lock) => under.includes(lock));
    }
  }
  return [...things]
    .filter(([, { uses, changes, under }]) => changes && uses.size > 1 && under.length === 0)
    .map(([name, { uses }]) => ({ name, uses, counts: undefined }));
}

interface Sharing {
  readonly uses: Map<string, number>;
  changes: boolean;
  /** Locks that every use so far was under. */
  under: readonly string[];
}
