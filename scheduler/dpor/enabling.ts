// Whether a step could have been taken in a state that was never visited: the one in which an earlier step, and all that
// comes after that step, has not happened. Whoever gives back a lock lets the next one have it, so these two cannot
// change places; the one who took it and the next one can.
import type { Cell, Operation } from '../../src/machine/index.js';
import { load, restore, tellAccesses } from '../../src/machine/cell.js';
import { ExclusiveLock } from '../../src/machine/locks/exclusive.js';
import { ADDS, type Footprints, READS, untold, WRITES } from './footprints.js';
import type { Steps } from './steps.js';

/** What the present step had to wait for. */
export class Enabling {
  /** Other steps could have kept it waiting. */
  isConditional = false;
  /** The number of the cell that says who holds the lock which it takes, where that is all; else -1. */
  #holder = -1;
  #op: Operation | undefined = undefined;
  #pending: ReturnType<Operation['setAside']> | undefined = undefined;
  readonly #steps: Steps;
  readonly #footprints: Footprints;
  /** What must be undone besides, so that the step is possible. */
  readonly alsoWithout: number[] = [];
  /** Cells with what they really hold. */
  readonly #cells: Cell<unknown>[] = [];
  readonly #values: unknown[] = [];

  constructor(steps: Steps) {
    this.#steps = steps;
    this.#footprints = steps.footprints;
  }

  /** Notes what a step that is about to be taken, or never will be, waits for; what it looks at is part of the step. */
  note(op: Operation): void {
    this.isConditional = false;
    this.#holder = -1;
    this.#op = undefined;
    const { primitive, subject } = op;
    if (primitive.isEnabled === undefined) return;
    if (subject instanceof ExclusiveLock && primitive.lock?.does === 'acquire') {
      this.isConditional = true;
      const holder = subject.holder as Cell<unknown>;
      this.#footprints.read(holder);
      this.#holder = holder.searchId;
      return;
    }
    const { footprints } = this.#steps;
    const before = footprints.length;
    tellAccesses(footprints);
    primitive.isEnabled(op);
    tellAccesses(undefined);
    if (footprints.length === before) return;
    this.isConditional = true;
    this.#op = op;
    const { a, b, phase } = op;
    this.#pending = { primitive, subject, a, b, phase };
  }

  /** Says that a step which will never be taken would change the lock. */
  changeHolder(): void {
    if (this.#holder < 0) return;
    const { last, kinds, before, cellOf } = this.#footprints;
    const at = last[this.#holder] as number;
    kinds[at] = WRITES;
    before[at] = untold(cellOf[this.#holder] as Cell<unknown>);
  }

  /**
   * Whether the step `last` could have been taken without `step` and what comes after it. Where others that commute with
   * `step` keep it waiting as well, as one reader of many does, that is without those of them which came later, too.
   */
  isPossibleWithout(step: number, last: number): boolean {
    this.alsoWithout.length = 0;
    if (!this.isConditional) return true;
    return this.#op === undefined || this.#holder >= 0
      ? this.#isFreeWithout(step)
      : this.#isPossibleInTime(this.#op, step, last);
  }

  #isPossibleInTime(op: Operation, step: number, last: number): boolean {
    while (!this.#imagine(op, step, last)) {
      const holder = this.#holderAfter(step, last);
      if (holder < 0) return false;
      this.alsoWithout.push(holder);
    }
    return true;
  }

  /** Whether the step is, or comes after, one of those that are undone. */
  #isUndone(other: number, step: number, last: number): boolean {
    const { order } = this.#steps;
    if (other === last || order.isBefore(step, other)) return true;
    return this.alsoWithout.some((one) => order.isBefore(one, other));
  }

  /** The last step after `step`, and not undone, by which a thread is among those that a counter counts; or -1. */
  #holderAfter(step: number, last: number): number {
    const { last: lasts, cells, kinds, steps, before, earlier } = this.#footprints;
    const { order } = this.#steps;
    let found = -1;
    const end = this.#steps.endOfEntries(last);
    for (let mine = this.#steps.firstEntry(last); mine < end; mine++) {
      const left = new Map<number, number>();
      const cell = cells[mine] as number;
      for (let at = lasts[cell] as number; at >= 0; at = earlier[at] as number) {
        const other = steps[at] as number;
        if (kinds[at] !== ADDS || this.#isUndone(other, step, last)) continue;
        const thread = this.#steps.threadOf(other);
        const holds = (left.get(thread) ?? 0) + (before[at] as number);
        left.set(thread, holds);
        if (holds > 0 && other > step && !order.leadsTo(other, last))
          found = Math.max(found, other);
      }
    }
    return found;
  }

  /** Whether nobody would hold the lock. */
  #isFreeWithout(step: number): boolean {
    if (this.#holder < 0) return true;
    const { last, steps, kinds, before, earlier } = this.#footprints;
    const { order, count } = this.#steps;
    let holder: unknown = undefined;
    let isKnown = false;
    for (let at = last[this.#holder] as number; at >= 0; at = earlier[at] as number) {
      const other = steps[at] as number;
      // Its own access, if it was taken.
      const isOwn = other === count - 1;
      if (other < step) break;
      if (kinds[at] !== WRITES || !(isOwn || order.isBefore(step, other))) continue;
      holder = before[at];
      isKnown = true;
    }
    if (!isKnown) return true;
    return !((holder as number) >= 0);
  }

  /** Puts the cells back to what they would hold, and asks. */
  #imagine(op: Operation, step: number, last: number): boolean {
    for (let other = last; other >= step; other--) {
      if (this.#isUndone(other, step, last)) this.#undo(other);
    }
    const wasPending = op.isPending;
    const really = op.setAside();
    op.putBack(this.#pending as ReturnType<Operation['setAside']>);
    const isPossible = op.isEnabled;
    op.reset();
    if (wasPending) op.putBack(really);
    for (let n = this.#cells.length - 1; n >= 0; n--) {
      restore(this.#cells[n] as Cell<unknown>, this.#values[n]);
    }
    this.#cells.length = this.#values.length = 0;
    return isPossible;
  }

  #undo(step: number): void {
    const { cells, kinds, before, cellOf } = this.#footprints;
    const end = this.#steps.endOfEntries(step);
    for (let at = this.#steps.firstEntry(step); at < end; at++) {
      if (kinds[at] === READS) continue;
      const cell = cellOf[cells[at] as number] as Cell<unknown>;
      const value = load(cell);
      this.#cells.push(cell);
      this.#values.push(value);
      restore(cell, kinds[at] === ADDS ? (value as number) - (before[at] as number) : before[at]);
    }
  }
}
