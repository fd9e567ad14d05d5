// What each step of the present execution read and changed: entries in arrays that only grow, each linked to the
// earlier one on the same cell, so that going back to a prefix is taking entries off the end. Two entries on one cell
// conflict unless both read, or both add to a counter.
import type { AccessListener, Cell } from '../../src/machine/index.js';
import { load, tellAccesses } from '../../src/machine/cell.js';
import { grown, grownBytes } from './arrays.js';

export const READS = 1;
export const ADDS = 2;
export const WRITES = 3;

/** A cell that the search does not look at. */
const IGNORED = -2;
/** The cell that says who keeps a CPU for himself: it may be looked at, as nothing follows from that here. */
const CPU_OWNER = -3;

export function conflict(one: number, other: number): boolean {
  return one !== other || one === WRITES;
}

export class Footprints implements AccessListener {
  /** Entries in all. */
  length = 0;
  /** By entry: the number of the cell. */
  cells = new Int32Array(256);
  /** By entry: READS, ADDS or WRITES. */
  kinds = new Uint8Array(256);
  /** By entry: the step. */
  steps = new Int32Array(256);
  /** By entry: the entry before it on the same cell, or -1. */
  earlier = new Int32Array(256);
  /** By entry: what the cell held before the step; of a read nothing; of ADDS, how much was added. */
  readonly before: unknown[] = [];
  /** By step: its first entry. */
  starts = new Int32Array(64);
  /** By number: the cell. */
  readonly cellOf: Cell<unknown>[] = [];
  /** By number of a cell: the last entry on it, or -1. */
  last = new Int32Array(64);
  /** What was met that this search cannot handle. */
  refused: string | undefined = undefined;
  #step = -1;
  readonly #isSeen: (cell: Cell<unknown>) => boolean;

  /** @param isSeen whether steps on a cell may depend on each other at all; for tests that plant an unsoundness */
  constructor(isSeen: (cell: Cell<unknown>) => boolean) {
    this.#isSeen = isSeen;
  }

  /** From here on accesses are those of this step; those of later steps are forgotten. */
  begin(step: number): void {
    if (step >= this.starts.length) this.starts = grown(this.starts, step + 1);
    this.#step = step;
    this.starts[step] = this.length;
  }

  /** Forgets this step and all after it. */
  truncate(step: number): void {
    const end = this.starts[step] as number;
    while (this.length > end) {
      const entry = --this.length;
      this.last[this.cells[entry] as number] = this.earlier[entry] as number;
    }
  }

  /** The entries from the beginning of the step on, packed. */
  copy(step: number): Int32Array {
    const first = this.starts[step] as number;
    const accesses = new Int32Array(this.length - first);
    for (let n = first; n < this.length; n++) {
      accesses[n - first] = ((this.cells[n] as number) << 2) | (this.kinds[n] as number);
    }
    return accesses;
  }

  /** After the last entry of a step, of so many in all. */
  end(step: number, steps: number): number {
    return step + 1 < steps ? (this.starts[step + 1] as number) : this.length;
  }

  read(cell: Cell<unknown>): void {
    let id = cell.searchId;
    if (id < 0 && (id = this.#numberOf(cell)) < 0) return;
    const at = this.last[id] as number;
    if (at < 0 || this.steps[at] !== this.#step) this.#push(id, READS, undefined);
    else if (this.kinds[at] === ADDS) this.#becomesWrite(at, cell);
  }

  wrote(cell: Cell<unknown>, old: unknown): void {
    let id = cell.searchId;
    if (id < 0 && (id = this.#numberOf(cell)) < 0) {
      if (id === CPU_OWNER) this.refuse('threads that share a CPU and keep it from each other');
      return;
    }
    const at = this.last[id] as number;
    if (at < 0 || this.steps[at] !== this.#step) this.#push(id, WRITES, old);
    else if (this.kinds[at] === ADDS) this.#becomesWrite(at, cell);
    else if (this.kinds[at] === READS) {
      this.kinds[at] = WRITES;
      this.before[at] = old;
    }
  }

  added(cell: Cell<unknown>, old: number, by: number): void {
    let id = cell.searchId;
    if (id < 0 && (id = this.#numberOf(cell)) < 0) return;
    const at = this.last[id] as number;
    if (at < 0 || this.steps[at] !== this.#step) this.#push(id, ADDS, by);
    else if (this.kinds[at] === ADDS) this.before[at] = (this.before[at] as number) + by;
    else if (this.kinds[at] === READS) {
      this.kinds[at] = WRITES;
      this.before[at] = old;
    }
  }

  /** The step has added to the counter, and reads or changes it as well. */
  #becomesWrite(at: number, cell: Cell<unknown>): void {
    this.kinds[at] = WRITES;
    this.before[at] = (untold(cell) as number) - (this.before[at] as number);
  }

  #push(id: number, kind: number, before: unknown): void {
    const at = this.length++;
    if (at === this.cells.length) this.#grow();
    this.cells[at] = id;
    this.kinds[at] = kind;
    this.steps[at] = this.#step;
    this.before[at] = before;
    this.earlier[at] = this.last[id] as number;
    this.last[id] = at;
  }

  #grow(): void {
    const size = 2 * this.cells.length;
    this.cells = grown(this.cells, size);
    this.kinds = grownBytes(this.kinds, size);
    this.steps = grown(this.steps, size);
    this.earlier = grown(this.earlier, size);
  }

  #numberOf(cell: Cell<unknown>): number {
    if (cell.searchId !== -1) return cell.searchId;
    if (cell.isUncontended || !this.#isSeen(cell)) return (cell.searchId = IGNORED);
    if (cell.name.endsWith('.pinned_by')) return (cell.searchId = CPU_OWNER);
    return (cell.searchId = this.add(cell));
  }

  /** Notes the first thing that cannot be handled: it is thrown where no thread runs. */
  refuse(reason: string): void {
    this.refused ??= reason;
  }

  /** Gives the next number to a cell. */
  add(cell: Cell<unknown>): number {
    const id = this.cellOf.length;
    this.cellOf.push(cell);
    if (id === this.last.length) this.last = grown(this.last, 2 * id);
    this.last[id] = -1;
    return id;
  }
}

/** What a cell holds, without anybody hearing of it. */
export function untold(cell: Cell<unknown>): unknown {
  const told = tellAccesses(undefined);
  const value = load(cell);
  tellAccesses(told);
  return value;
}
