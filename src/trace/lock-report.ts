// What lockdep has to say: a cycle of lock dependencies, how each of them came about, and whether a schedule closes
// it. Plain data, for the screen, for JSON and for replay files.
import type { HoldMode, Irq } from '../machine/index.js';

export interface LockReport {
  /** `K-02`: see docs/rules.md. */
  readonly rule: string;
  /** lockdep's headline: `possible circular locking dependency detected`. */
  readonly title: string;
  /** Each dependency is followed by the one that it waits for; the last one by the first. */
  readonly cycle: readonly LockDependency[];
  /**
   * `confirmed`: a schedule deadlocks so. `refuted`: every schedule was run, and none does. `open`: neither was found
   * out within the limits.
   */
  readonly status: 'confirmed' | 'refuted' | 'open';
  /** Why, as one sentence without a full stop. */
  readonly because: string;
}

/** `to` is waited for while `from` is held. */
export interface LockDependency {
  readonly from: string;
  readonly to: string;
  /** By one thread's order, by an event that is waited for, or by an interrupt that comes while `from` is held. */
  readonly via: 'order' | 'event' | Irq;
  readonly held: HoldMode;
  readonly taken: HoldMode;
  /** One for an order; for an interrupt, where `from` is held and where `to` is taken. */
  readonly seen: readonly LockUseSeen[];
}

/** One schedule in which a dependency, or one side of it, shows. */
export interface LockUseSeen {
  readonly thread: string;
  /** Locks by name, and the functions that took them where the model has functions. */
  readonly heldLock: string | undefined;
  readonly heldIn: string | undefined;
  readonly takenLock: string | undefined;
  readonly takenIn: string | undefined;
  /** The step in which it shows, counted from 1; undefined where the thread never got that far. */
  readonly step: number | undefined;
  /** The choices of its schedule up to there. */
  readonly choices: readonly {
    readonly at: number;
    readonly pick: number;
    readonly label: string;
  }[];
}

/** `a -> b -> a` */
export function cycleText({
  cycle,
}: {
  readonly cycle: readonly { readonly from: string }[];
}): string {
  const names = cycle.map(({ from }) => from);
  return [...names, ...names.slice(0, 1)].join(' -> ');
}
