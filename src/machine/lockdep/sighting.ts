// What lockdep has seen for the first time in one execution: a lock taken while another one was held, or a lock used
// in an interrupt, or held while one could come. Plain data: it outlives the execution.
import type { HoldMode } from '../locks/held.js';

export type Irq = 'hardirq' | 'softirq';

export type Sighting = OrderSighting | UseSighting;

/** `taken` was acquired, or waited for, while `held` was held; or an event needs a lock before it can happen. */
export interface OrderSighting {
  readonly kind: 'order';
  /** Classes: `css_set_lock`, `&sighand->siglock`, `completion of done`. */
  readonly from: string;
  readonly to: string;
  /** Of what kind each end is. */
  readonly fromEvent: boolean;
  readonly toEvent: boolean;
  readonly held: HoldMode;
  readonly taken: HoldMode;
  /** The acquisition is a read that no waiting writer holds up: lockdep calls it recursive. */
  readonly nests: boolean;
  /** Who did it, with which locks, by name. */
  readonly thread: string;
  readonly heldLock: string;
  readonly takenLock: string;
  /** What else it held for writing: gates that may keep others out. */
  readonly gates: readonly string[];
}

/** A class was acquired in an interrupt, or held where that interrupt could come. */
export interface UseSighting {
  readonly kind: 'use';
  readonly lockClass: string;
  readonly irq: Irq;
  readonly how: 'in' | 'on';
  readonly mode: HoldMode;
  readonly thread: string;
  readonly lock: string;
}
