// The log of changes to the state of a machine, newest last. Going back is taking changes off its end, so the
// initial state is built once and never again. A cell is logged once per epoch: a mark begins a new one, so what
// the log costs is the number of cells touched between two marks, not the number of writes.
import { type Cell, load, restore } from './cell.js';
import { identify } from './names.js';

export class Journal {
  /** Grows with every mark and every undoing; a cell stamped with an older one is logged again. */
  epoch = 1;
  readonly #cells: Cell<unknown>[] = [];
  readonly #olds: unknown[] = [];
  #length = 0;

  /** For store() alone: what the cell held when this epoch began. */
  log(cell: Cell<unknown>, old: unknown): void {
    const n = this.#length++;
    this.#cells[n] = cell;
    this.#olds[n] = old;
  }

  /** A place to go back to. */
  mark(): number {
    this.epoch++;
    return this.#length;
  }

  /** How many changes are logged. Since a mark it has grown if anything was stored. */
  get length(): number {
    return this.#length;
  }

  /** The cell of the n-th change; for the fingerprint of a state. */
  cellAt(n: number): Cell<unknown> {
    return this.#cells[n] as Cell<unknown>;
  }

  /** What it held before the n-th change. */
  oldAt(n: number): unknown {
    return this.#olds[n];
  }

  /** Whether every cell holds what it held at the mark. */
  isBackAt(mark: number): boolean {
    let seen: Set<Cell<unknown>> | undefined;
    for (let n = mark; n < this.#length; n++) {
      const cell = this.#cells[n] as Cell<unknown>;
      seen ??= new Set();
      // The first entry after the mark is what the cell held then.
      if (seen.has(cell)) continue;
      if (!isSame(load(cell), this.#olds[n])) return false;
      seen.add(cell);
    }
    return true;
  }

  /** Undoes every change made since the mark was set. */
  undoTo(mark: number): void {
    let n = this.#length;
    while (n > mark) {
      n--;
      restore(this.#cells[n] as Cell<unknown>, this.#olds[n]);
    }
    this.#length = n;
    this.epoch++;
  }

  /** Makes the present state the one that nothing goes back beyond. */
  settle(): void {
    this.#length = 0;
    this.epoch++;
  }

  /** Every cell changed since the mark with what it held then; by default, with what it held in the initial state. */
  originals(mark = 0): Map<Cell<unknown>, unknown> {
    const first = new Map<Cell<unknown>, unknown>();
    for (let n = mark; n < this.#length; n++) {
      const cell = this.#cells[n] as Cell<unknown>;
      if (!first.has(cell)) first.set(cell, this.#olds[n]);
    }
    return first;
  }

  /** The cells changed since the mark, each once, in the order of their first change. */
  changedSince(mark: number): Cell<unknown>[] {
    return [...new Set(this.#cells.slice(mark, this.#length))];
  }
}

/** Queues and the like are built anew with each change: they are the same if they read the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const name = identify(a);
  return !name.includes('#?') && name === identify(b);
}
