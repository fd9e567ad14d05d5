// The present execution as the search knows it: its steps, their footprints and order, and what each one drew and
// asked for.
import type { Machine, Operation, Primitive } from '../../src/machine/index.js';
import { CMPXCHG } from '../../src/machine/memory.js';
import { grown } from './arrays.js';
import { Branch, NO_VALUE } from './branch.js';
import type { Footprints } from './footprints.js';
import { Order } from './order.js';

export class Steps {
  /** How many. */
  count = 0;
  readonly footprints: Footprints;
  readonly order: Order;
  /** By step: what it drew, or NO_VALUE. */
  values = new Int32Array(64);
  /** By step: of how many values it drew one, or 0. */
  ways = new Int32Array(64);
  /** By step: what was done. */
  readonly primitives: Primitive[] = [];
  /** By step: what it was done to. */
  readonly subjects: unknown[] = [];
  /** By step: what a conditional update compares with. */
  readonly compared: unknown[] = [];

  constructor(machine: Machine, footprints: Footprints) {
    this.footprints = footprints;
    this.order = new Order(machine, footprints);
  }

  /** A step of the thread begins: its pending operation. */
  begin(thread: number, op: Operation): void {
    const step = this.count++;
    if (step >= this.values.length) {
      this.values = grown(this.values, step + 1);
      this.ways = grown(this.ways, step + 1);
    }
    this.values[step] = NO_VALUE;
    this.ways[step] = 0;
    this.primitives[step] = op.primitive;
    this.subjects[step] = op.subject;
    this.compared[step] = op.primitive === CMPXCHG ? op.a : op.b;
    this.footprints.begin(step);
    this.order.begin(step, thread);
  }

  /** Goes back to the first so many steps. */
  truncate(count: number): void {
    if (count >= this.count) return;
    this.order.truncate(count, this.count);
    this.footprints.truncate(count);
    this.count = count;
  }

  firstEntry(step: number): number {
    return this.footprints.starts[step] as number;
  }

  endOfEntries(step: number): number {
    return this.footprints.end(step, this.count);
  }

  threadOf(step: number): number {
    return this.order.threads[step] as number;
  }

  /** The step, for a sleep set. */
  branch(step: number): Branch {
    const { cells, kinds } = this.footprints;
    const first = this.firstEntry(step);
    const end = this.endOfEntries(step);
    const accesses = new Int32Array(end - first);
    for (let n = first; n < end; n++) {
      accesses[n - first] = ((cells[n] as number) << 2) | (kinds[n] as number);
    }
    const value = this.values[step] as number;
    return new Branch(this.threadOf(step), value, this.ways[step] as number, accesses);
  }

  /** Whether the steps may be taken in the other order, as far as their footprints say. */
  conflicts(branch: Branch, step: number): boolean {
    const { cells, kinds } = this.footprints;
    return branch.conflictsWith(cells, kinds, this.firstEntry(step), this.endOfEntries(step));
  }
}
