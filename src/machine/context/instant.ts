// Actions that are no events: they happen together with the step before them. Only as the very first thing that a
// thread does are they announced like steps, for until it is scheduled the thread has done nothing.
import { type Operation, Primitive } from '../op.js';
import type { MachineEvent } from '../property.js';

/** A step that is over before it is taken: nothing for the scheduler to decide. */
export class Instant implements Iterator<Operation, unknown, void> {
  readonly #finished: { readonly done: true; value: unknown } = { done: true, value: undefined };

  give(value: unknown): this {
    this.#finished.value = value;
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): { readonly done: true; value: unknown } {
    return this.#finished;
  }
}

/** Event `a` with payload `b`. */
export const EMIT = new Primitive({
  name: 'emit',
  act: (op) => {
    const event = op.a as MachineEvent<unknown>;
    event.emitter = op.slot.name;
    op.machine.emit(event, op.b);
  },
  narrate: (op) => `(${(op.a as MachineEvent<unknown>).name})`,
});
