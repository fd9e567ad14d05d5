// A step that is to be taken, or was taken, in some state: a node of a wakeup tree, or a member of a sleep set.
import { conflict } from './footprints.js';

/** What an event is called that left nothing to chance. */
export const NO_VALUE = -1;

/** A tree without branches. Never changed: whoever has something to add makes a new one. */
export const emptyTree: Branch[] = [];

export class Branch {
  /** The number of the thread. */
  readonly thread: number;
  /** What it draws, or NO_VALUE. */
  readonly value: number;
  /** Of how many values. */
  readonly ways: number;
  /** The step's footprint: four times the cell plus the kind, one part of an array. */
  readonly accesses: Int32Array;
  readonly from: number;
  readonly to: number;
  /** What is to be taken after it, in this order: the wakeup tree below. */
  next: Branch[];

  constructor(
    thread: number,
    value: number,
    ways: number,
    accesses: Int32Array,
    from = 0,
    to = accesses.length,
    next = emptyTree,
  ) {
    this.thread = thread;
    this.value = value;
    this.ways = ways;
    this.next = next;
    this.accesses = accesses;
    this.from = from;
    this.to = to;
  }

  /** Whether its footprint conflicts with a part of another one. */
  conflictsWith(cells: Int32Array, kinds: Uint8Array, from: number, to: number): boolean {
    for (let mine = this.from; mine < this.to; mine++) {
      const access = this.accesses[mine] as number;
      const cell = access >> 2;
      for (let n = from; n < to; n++) {
        if (cells[n] === cell && conflict(kinds[n] as number, access & 3)) return true;
      }
    }
    return false;
  }
}
