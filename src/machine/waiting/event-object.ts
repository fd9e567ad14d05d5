// What wait queues, completions, work items and workqueues share: a name, state in cells, and the panic of whoever
// touches them after the object that they are part of was freed.
import { type Cell, load, poison } from '../cell.js';
import type { Named } from '../names.js';
import type { Operation } from '../op.js';

export abstract class EventObject implements Named {
  readonly #owner: Named | undefined;
  readonly #field: string;

  constructor(owner: Named | undefined, field: string) {
    this.#owner = owner;
    this.#field = field;
  }

  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }

  /** The cells that hold the state, the first of them never empty: they are poisoned with their owner. */
  abstract cells(): readonly Cell<unknown>[];
}

/** True if the memory was freed; the thread is stopped then. */
export function meetsFreed<T>(op: Operation, cell: Cell<T>): boolean {
  if (load(cell) !== poison) return false;
  op.machine.useAfterFree(op, cell as Cell<unknown>);
  return true;
}

/** An empty list in a cell is always this one, so that equal states are equal. */
const nothing: readonly never[] = Object.freeze([]);

/** The list as a cell holds it. */
export function settled<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? nothing : list;
}
