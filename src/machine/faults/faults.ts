// Which steps fail: those at places that were named, and, within a budget for each execution, those that the strategy
// chooses. Not modelled: fault attributes of the kernel's own fault injection, such as intervals.
import { Cell, load, store } from '../cell.js';
import type { DataPurpose } from '../host.js';
import type { Machine } from '../machine.js';
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import type { CallListener } from '../tracer.js';
import { type Fallible, FaultPlaces } from './fault-places.js';

const purposes: Readonly<Record<Fallible, DataPurpose>> = {
  kmalloc: 'allocation failure',
  veto: 'veto',
  may_fail: 'failure',
};

export class Faults implements CallListener {
  /** Whether a step that may fail is an event: it is where some could fail. */
  readonly mayHappen: boolean;
  /** Undefined if no place was named: then nobody counts calls. */
  readonly places: FaultPlaces | undefined;
  readonly #machine: Machine;
  readonly #left: Cell<number>;

  /**
   * @param budget how many steps may fail in one execution, besides those at the places
   * @param places as on the command line: `find_css_set:2`
   */
  constructor(machine: Machine, budget: number, places: readonly string[]) {
    this.#machine = machine;
    this.places = places.length === 0 ? undefined : new FaultPlaces(places);
    this.mayHappen = budget > 0 || this.places !== undefined;
    this.#left = new Cell<number>(undefined, 'steps that may still fail', budget);
  }

  /** A path was called. */
  enter(index: number, name: string): void {
    const thread = this.#machine.thread(index);
    this.places?.enter(thread, name, thread.calls?.depth ?? 0);
  }

  leave(): void {
    // How many calls are open is asked when something could fail.
  }

  /** Whether the step that is being taken fails. */
  fails({ slot }: Operation, step: Fallible): boolean {
    const depth = slot.calls?.depth ?? 0;
    if (this.places?.strikes({ thread: slot, depth }, step) === true) return true;
    const left = load(this.#left);
    if (left === 0 || this.#machine.host.draw(2, purposes[step]) === 0) return false;
    store(this.#left, left - 1, this.#machine.journal);
    return true;
  }
}

function fallible(step: Fallible, fails: string): Primitive {
  return new Primitive({
    name: step,
    act: (op) => op.machine.faults.fails(op, step),
    narrate: (op, failed) =>
      `${(op.subject as Named).label}: ${failed === true ? fails : 'passes'}`,
  });
}

/** A callback that may refuse: true if it does. */
export const VETO = fallible('veto', 'refuses');

/** Any other step that may fail: true if it does. */
export const MAY_FAIL = fallible('may_fail', 'fails');
