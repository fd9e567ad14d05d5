// The class graph of lockdep, put together from what the executions of one campaign have shown. Each dependency keeps
// the first schedule, in the order of the campaign, that made it.
import type { HoldMode, Irq, Machine, Sighting, UseSighting } from '../../src/machine/index.js';
import type { Schedule } from '../schedule.js';

/** A sighting, and the schedule that led to it. */
export interface Seen {
  readonly sighting: Sighting;
  readonly schedule: Schedule;
}

/** `to` is waited for while `from` is held. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
  /**
   * How it comes about: by one thread's order; by waiting for an event, or what that event needs; or by an interrupt
   * that comes while `from` is held and takes `to`.
   */
  readonly via: 'order' | 'event' | Irq;
  readonly held: HoldMode;
  readonly taken: HoldMode;
  /** The acquisition is a read that no waiting writer holds up. */
  readonly nests: boolean;
  /** One for an order; for an interrupt, where `from` is held and where `to` is taken. */
  readonly seen: readonly Seen[];
}

/** What some executions of a campaign have shown, in their order: plain data. */
export interface LockSightings {
  readonly seen: readonly Seen[];
  readonly deadlocks: readonly (readonly string[])[];
}

/** An execution that has ended, or has come so far. */
export interface LockSource {
  readonly machine: Machine;
  readonly recorder: { readonly copy: () => Schedule };
}

export class LockGraph {
  readonly #seen = new Map<string, Seen>();
  /** The classes that were waited for in each deadlock. */
  readonly #deadlocks: (readonly string[])[] = [];

  get deadlocks(): readonly (readonly string[])[] {
    return this.#deadlocks;
  }

  get sightings(): LockSightings {
    return { seen: [...this.#seen.values()], deadlocks: this.deadlocks };
  }

  /** Takes over what later executions have shown. */
  absorb({ seen, deadlocks }: LockSightings): void {
    for (const one of seen) this.#note(one);
    for (const classes of deadlocks) this.#noteClasses(classes);
  }

  /** After an execution: takes over what it has shown. */
  collect({ machine, recorder }: LockSource): void {
    if (machine.verdict.kind === 'deadlock') this.#noteDeadlock(machine);
    if (machine.lockdep.news.length === 0) return;
    const schedule = recorder.copy();
    for (const sighting of machine.lockdep.news) this.#note({ sighting, schedule });
  }

  #note(one: Seen): void {
    const key = keyOf(one.sighting);
    if (!this.#seen.has(key)) this.#seen.set(key, one);
  }

  #noteDeadlock(machine: Machine): void {
    for (let t = 0; t < machine.threadCount; t++) {
      const { ended, op } = machine.thread(t);
      if (!ended && op.isPending) machine.lockdep.wants(op);
    }
    this.#noteClasses(deadlockedClasses(machine));
  }

  #noteClasses(classes: readonly string[]): void {
    const known = this.#deadlocks.some((other) => other.join() === classes.join());
    if (!known) this.#deadlocks.push(classes);
  }

  /** Orders first, then interrupts; each in the order in which it was seen. */
  dependencies(): Dependency[] {
    const seen = [...this.#seen.values()];
    return [...orders(seen), ...interruptions(seen, 'hardirq'), ...interruptions(seen, 'softirq')];
  }
}

/** The classes that are waited for in a deadlock, sorted. */
export function deadlockedClasses(machine: Machine): string[] {
  if (machine.verdict.kind !== 'deadlock') return [];
  const waiting = new Map<string, string>();
  for (let t = 0; t < machine.threadCount; t++) {
    const { name, op } = machine.thread(t);
    const wanted = machine.lockdep.wantedBy(op);
    if (wanted !== undefined) waiting.set(name, wanted);
  }
  const classes = machine.verdict.cycle
    .filter(({ waitsFor }) => !waitsFor.startsWith('CPU'))
    .map(({ thread, waitsFor }) => waiting.get(thread) ?? waitsFor);
  return [...new Set(classes)].sort();
}

function keyOf(sighting: Sighting): string {
  if (sighting.kind === 'use') {
    const { lockClass, irq, how, mode } = sighting;
    return [lockClass, irq, how, mode].join('\n');
  }
  const { from, to, held, nests } = sighting;
  return [from, to, held, String(nests)].join('\n');
}

function orders(seen: readonly Seen[]): Dependency[] {
  return seen.flatMap((one) => {
    const { sighting } = one;
    if (sighting.kind !== 'order') return [];
    const { from, to, held, taken, nests, fromEvent, toEvent } = sighting;
    const via = fromEvent || toEvent ? 'event' : 'order';
    return [{ from, to, via, held, taken, nests, seen: [one] } as const];
  });
}

/** Whatever is held where such an interrupt could come, before whatever is taken in one. */
function interruptions(seen: readonly Seen[], irq: Irq): Dependency[] {
  const uses = (how: UseSighting['how']): { use: UseSighting; one: Seen }[] =>
    seen.flatMap((one) => {
      const { sighting } = one;
      const fits = sighting.kind === 'use' && sighting.irq === irq && sighting.how === how;
      return fits ? [{ use: sighting, one }] : [];
    });
  const taken = uses('in');
  return uses('on').flatMap((held) =>
    taken.map((inside) => ({
      from: held.use.lockClass,
      to: inside.use.lockClass,
      via: irq,
      held: held.use.mode,
      taken: inside.use.mode,
      nests: inside.use.mode === 'read',
      seen: [held.one, inside.one],
    })),
  );
}
