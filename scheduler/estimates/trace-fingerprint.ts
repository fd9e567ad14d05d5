// Which Mazurkiewicz trace an execution belongs to, as a number of 64 bits. Executions that differ only in the order of
// steps that touch nothing in common have the same one. Each step is hashed with the steps that it comes after: its
// thread's last one, and those on the same cells that it does not commute with. The sum over all steps is the
// fingerprint: it does not depend on their order, and the hash of a step holds its whole past. Cells need no names for
// that: which ones a step touches follows from its past. Nor does it matter that a join comes after its thread: it
// always does.
//
// What a step touches is what the machine tells of it, what armed properties look at after it included. So more may
// depend on each other here than must: that makes two traces of one, never one of two.
import type { AccessListener, Cell, DataPurpose, Machine } from '../../src/machine/index.js';
import type { Strategy, View } from '../strategy.js';

// How a step touches a cell. Reads commute with each other, and so do additions.
const READS = 1;
const ADDS = 2;
const WRITES = 3;

/** The cell that nobody needs to look at. */
const IGNORED = -2;

/** The steps on one cell, by hashes: those before the last that do not commute with it, and those that do. */
interface CellPast {
  /** The execution that this is of. */
  execution: number;
  kind: number;
  earlier: Hash;
  latest: Hash;
}

/** 64 bits in two lanes. */
interface Hash {
  a: number;
  b: number;
}

const START: Hash = { a: 0, b: 0 };

/** Runs under another strategy's choices, and knows the fingerprint of what has run. */
export class TraceFingerprint implements Strategy, AccessListener {
  /** No step may pass it by. */
  readonly keepsTime = true;
  #inner: Strategy;
  readonly #machine: Machine;
  #view: View | undefined = undefined;
  /** The thread whose step is under way, or -1. */
  #thread = -1;
  /** By thread: its last step, or the one that made it. */
  readonly #threads: Hash[] = [];
  #known = 0;
  readonly #cells: CellPast[] = [];
  #execution = 0;
  /** What the step under way touches, and how. */
  readonly #touched = new Map<CellPast, number>();
  /** The data choices of the step under way, hashed. */
  #drawn = 0;
  #sum: Hash = START;

  /** The machine tells its accesses to this from now on, and to nobody else. */
  constructor(inner: Strategy, machine: Machine) {
    this.#inner = inner;
    this.#machine = machine;
    machine.listen(this);
  }

  get name(): string {
    return this.#inner.name;
  }

  /** From the next execution on, these choices. */
  use(inner: Strategy): void {
    this.#inner = inner;
  }

  beginBlock(block: number): void {
    this.#inner.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#execution++;
    this.#thread = -1;
    this.#touched.clear();
    this.#sum = START;
    this.#known = 0;
    this.#meet(view.threadCount, START);
    this.#inner.begin(view);
  }

  choose(current: number): number {
    this.#machine.watchers.pauseTelling();
    this.#close();
    const { runnable } = this.#view as View;
    // The other strategy is asked where it would be without this one.
    const next =
      runnable.count > 1 || this.#inner.keepsTime === true
        ? this.#inner.choose(current)
        : runnable.at(0);
    this.#thread = next;
    this.#machine.watchers.resumeTelling();
    return next;
  }

  draw(ways: number, purpose: DataPurpose): number {
    const pick = this.#inner.draw(ways, purpose);
    this.#drawn = mixed(this.#drawn, pick + 1);
    return pick;
  }

  learn(lesson: Parameters<Strategy['learn']>[0]): void {
    this.#inner.learn(lesson);
  }

  /** Of the execution that has ended: 16 hexadecimal digits. */
  take(): string {
    this.#machine.watchers.pauseTelling();
    this.#close();
    return hex(this.#sum.a) + hex(this.#sum.b);
  }

  read(cell: Cell<unknown>): void {
    this.#touch(cell, READS);
  }

  wrote(cell: Cell<unknown>): void {
    this.#touch(cell, WRITES);
  }

  added(cell: Cell<unknown>): void {
    this.#touch(cell, ADDS);
  }

  /** Whoever does two different things to a cell in one step changes it. */
  #touch(cell: Cell<unknown>, kind: number): void {
    const past = this.#pastOf(cell);
    if (past === undefined) return;
    const known = this.#touched.get(past);
    if (known === undefined) this.#touched.set(past, kind);
    else if (known !== kind) this.#touched.set(past, WRITES);
  }

  #pastOf(cell: Cell<unknown>): CellPast | undefined {
    if (cell.searchId < 0) {
      if (cell.isUncontended) cell.searchId = IGNORED;
      if (cell.searchId === IGNORED) return undefined;
      cell.searchId = this.#cells.length;
      this.#cells.push({ execution: 0, kind: READS, earlier: START, latest: START });
    }
    const past = this.#cells[cell.searchId] as CellPast;
    if (past.execution !== this.#execution) {
      past.execution = this.#execution;
      past.kind = READS;
      past.earlier = past.latest = START;
    }
    return past;
  }

  /** New threads begin after the step that has made them. */
  #meet(count: number, after: Hash): void {
    for (let n = 1; this.#known < count; n++) {
      this.#threads[this.#known++] = { a: mixed(after.a, n), b: mixed(after.b, ~n) };
    }
  }

  /** The step under way has ended. */
  #close(): void {
    if (this.#thread < 0) return;
    const step = this.#hashOfStep(this.#threads[this.#thread] ?? START);
    for (const [past, kind] of this.#touched) enter(past, kind, step);
    this.#touched.clear();
    this.#threads[this.#thread] = step;
    this.#sum = plus(this.#sum, step);
    this.#meet((this.#view as View).threadCount, step);
    this.#thread = -1;
    this.#drawn = 0;
  }

  #hashOfStep(last: Hash): Hash {
    let before = START;
    for (const [past, kind] of this.#touched) {
      const { a, b } = commutes(past, kind) ? past.earlier : past.latest;
      before = plus(before, { a: mixed(a, kind), b: mixed(b, kind) });
    }
    return {
      a: mixed(mixed(last.a, before.a), this.#drawn),
      b: mixed(mixed(last.b, before.b), ~this.#drawn),
    };
  }
}

/** Whether a step does not depend on the latest ones on the cell, only on those before. */
function commutes({ kind }: CellPast, with_: number): boolean {
  return kind === with_ && kind !== WRITES;
}

function enter(past: CellPast, kind: number, step: Hash): void {
  if (commutes(past, kind)) {
    past.latest = plus(past.latest, step);
    return;
  }
  past.earlier = past.latest;
  past.latest = step;
  past.kind = kind;
}

function plus(one: Hash, other: Hash): Hash {
  return { a: (one.a + other.a) | 0, b: (one.b + other.b) | 0 };
}

/** Two words as one, each bit of both in each bit of it: a round and the finaliser of MurmurHash3 (Appleby 2011). */
function mixed(one: number, other: number): number {
  let h = Math.imul(other, 0xcc9e2d51);
  h = one ^ Math.imul((h << 15) | (h >>> 17), 0x1b873593);
  h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
