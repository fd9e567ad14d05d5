// The sequence that takes the two steps of a race in the other order: after what came before the first one, all that
// was done and does not come after it, and then the second one.
import type { Cell } from '../../src/machine/index.js';
import { ExclusiveLock } from '../../src/machine/locks/exclusive.js';
import { ATOMIC_ADD_UNLESS, CMPXCHG } from '../../src/machine/memory.js';
import { grown } from './arrays.js';
import { Branch, emptyTree, NO_VALUE } from './branch.js';
import { isCertain, type Waiting } from './certainty.js';
import { conflict, READS, WRITES } from './footprints.js';
import type { Steps } from './steps.js';

/** Where a branch stands in a sequence: in front of all that conflicts with it, or not in it and free of conflicts. */
export const FREE = -1;
export const CONFLICTS = -2;

/** The last one of the sequence, which is no step of the execution. */
const LAST = -1;

export class Reversal {
  /** Of the sequence: the step, or LAST. */
  #items = new Int32Array(64);
  #length = 0;
  #lastThread = 0;
  #lastValue = NO_VALUE;
  #lastWays = 0;
  /** What the last one would read and change. */
  #lastCells = new Int32Array(16);
  #lastKinds = new Int32Array(16);
  #lastLength = 0;
  /** Whether that is known for certain. */
  #isCertain = true;
  /** By cell: the kind in which the branch that is being placed accesses it, or 0. */
  #marks = new Int32Array(64);
  /** All of the sequence, as it was before parts of it were found in a tree. */
  readonly #whole: number[] = [];
  /** The state that it begins in: the one before this step. */
  #first = 0;
  readonly #steps: Steps;
  readonly #findOut: () => void;

  /** @param findOut runs the sequence, and tells the footprint of its last step by learn() */
  constructor(steps: Steps, findOut: () => void) {
    this.#steps = steps;
    this.#findOut = findOut;
  }

  /**
   * Takes `second` before `first`; it may be one step beyond the last: what a thread waits for at the end.
   * @param extras later steps than the first one that must not come before `second` either
   */
  reverse(first: number, second: number, extras: readonly number[]): void {
    this.#collect(first, this.#steps.count, extras);
    this.#lastThread = this.#steps.threadOf(second);
    this.#lastValue = this.#steps.values[second] as number;
    this.#lastWays = this.#steps.ways[second] as number;
    this.#predict(first, second);
  }

  /** The same where `second` was never taken, and is known from when its execution had ended. */
  reverseWaiting(first: number, second: Waiting, extras: readonly number[]): void {
    this.#collect(first, this.#steps.count, extras);
    this.#lastThread = second.branch.thread;
    this.#lastValue = NO_VALUE;
    this.#lastWays = 0;
    this.#copy(second.branch);
    this.#isCertain = second.isCertain;
  }

  /** Takes the step once more, but draws another value. */
  drawAnother(step: number, value: number): void {
    this.#collect(step, this.#steps.count, []);
    this.#lastThread = this.#steps.threadOf(step);
    this.#lastValue = value;
    this.#lastWays = this.#steps.ways[step] as number;
    this.#copyFootprint(step);
    this.#isCertain = false;
  }

  /** All steps from `first` on that do not come after it, or after one of the extras. */
  #collect(first: number, count: number, extras: readonly number[]): void {
    const { order } = this.#steps;
    if (count > this.#items.length) this.#items = grown(this.#items, count);
    let length = 0;
    for (let step = first + 1; step < count; step++) {
      if (order.isBefore(first, step)) continue;
      if (extras.length > 0 && extras.some((extra) => order.isBefore(extra, step))) continue;
      this.#items[length++] = step;
    }
    this.#items[length++] = LAST;
    this.#length = length;
    this.#first = first;
    this.#whole.length = 0;
  }

  #copy({ accesses, from, to }: Branch): void {
    this.#reserve(to - from);
    for (let n = from; n < to; n++) {
      const access = accesses[n] as number;
      this.#lastCells[n - from] = access >> 2;
      this.#lastKinds[n - from] = access & 3;
    }
    this.#lastLength = to - from;
  }

  #reserve(length: number): void {
    if (length <= this.#lastCells.length) return;
    this.#lastCells = grown(this.#lastCells, length);
    this.#lastKinds = grown(this.#lastKinds, length);
  }

  #copyFootprint(step: number): void {
    const { cells, kinds } = this.#steps.footprints;
    const first = this.#steps.firstEntry(step);
    const length = this.#steps.endOfEntries(step) - first;
    this.#reserve(length);
    for (let n = 0; n < length; n++) {
      this.#lastCells[n] = cells[first + n] as number;
      this.#lastKinds[n] = kinds[first + n] as number;
    }
    this.#lastLength = length;
  }

  /** What the second step will do in its new place: the same, unless it depends on what it finds whether it changes it. */
  #predict(first: number, second: number): void {
    this.#copyFootprint(second);
    this.#isCertain = isCertain(this.#steps, second);
    const primitive = this.#steps.primitives[second];
    const subject = this.#steps.subjects[second];
    if (primitive === CMPXCHG || primitive === ATOMIC_ADD_UNLESS) {
      const compared = this.#steps.compared[second];
      const isWanted = primitive === CMPXCHG;
      this.#decide(subject as Cell<unknown>, first, second, (found) => {
        return (found === compared) === isWanted;
      });
    } else if (primitive?.lock?.does === 'try' && subject instanceof ExclusiveLock) {
      const { holder } = subject;
      this.#decide(holder as Cell<unknown>, first, second, (found) => !((found as number) >= 0));
    }
  }

  #decide(
    cell: Cell<unknown>,
    first: number,
    second: number,
    changes: (found: unknown) => boolean,
  ): void {
    const { last, steps, kinds, before, earlier } = this.#steps.footprints;
    // What the cell would hold if the first step, and what comes after it, had not happened.
    let found: unknown = undefined;
    let isOther = false;
    for (let at = last[cell.searchId] as number; at >= 0; at = earlier[at] as number) {
      const step = steps[at] as number;
      if (step < first) break;
      if (kinds[at] !== WRITES) continue;
      if (step >= second || !this.#steps.order.isBefore(first, step)) continue;
      found = before[at];
      isOther = true;
    }
    if (isOther) this.#setKind(cell.searchId, changes(found) ? WRITES : READS);
  }

  #setKind(cell: number, kind: number): void {
    for (let n = 0; n < this.#lastLength; n++) {
      if (this.#lastCells[n] === cell) this.#lastKinds[n] = kind;
    }
  }

  #keepWhole(): void {
    if (this.#whole.length > 0) return;
    for (let n = 0; n < this.#length; n++) this.#whole.push(this.#items[n] as number);
  }

  // --- Finding out ------------------------------------------------------------------------------------------

  /** The state that the sequence begins in: the one before this step. */
  get first(): number {
    return this.#first;
  }

  /** Steps of the sequence. */
  get length(): number {
    return this.#whole.length;
  }

  threadAt(place: number): number {
    const step = this.#whole[place] as number;
    return step === LAST ? this.#lastThread : this.#steps.threadOf(step);
  }

  valueAt(place: number): number {
    const step = this.#whole[place] as number;
    return step === LAST ? this.#lastValue : (this.#steps.values[step] as number);
  }

  /** What the last step draws and touches, now for certain. */
  learn(branch: Branch): void {
    this.#copy(branch);
    this.#lastValue = branch.value;
    this.#lastWays = branch.ways;
  }

  // --- Against branches -------------------------------------------------------------------------------------

  /** Whether the sequence could begin with the branch, or its event be put in front of it. */
  canBeginWith(branch: Branch): boolean {
    return this.#placeOf(branch) !== CONFLICTS;
  }

  /** Its place in the sequence, FREE or CONFLICTS. */
  #placeOf(branch: Branch): number {
    this.#mark(branch, true);
    const place = this.#search(branch);
    this.#mark(branch, false);
    return place;
  }

  #mark(branch: Branch, isOn: boolean): void {
    for (let n = branch.from; n < branch.to; n++) {
      const access = branch.accesses[n] as number;
      const cell = access >> 2;
      if (cell >= this.#marks.length) this.#marks = grown(this.#marks, cell + 1);
      this.#marks[cell] = isOn ? access & 3 : 0;
    }
  }

  #search(branch: Branch): number {
    const { order, footprints, values } = this.#steps;
    for (let n = 0; n < this.#length; n++) {
      const step = this.#items[n] as number;
      const isLast = step === LAST;
      if (isLast) this.#makeCertain(branch);
      if ((isLast ? this.#lastThread : order.threads[step]) === branch.thread) {
        return (isLast ? this.#lastValue : values[step]) === branch.value ? n : CONFLICTS;
      }
      const isInTheWay = isLast
        ? this.#meets(this.#lastCells, this.#lastKinds, 0, this.#lastLength)
        : this.#meets(
            footprints.cells,
            footprints.kinds,
            this.#steps.firstEntry(step),
            this.#steps.endOfEntries(step),
          );
      if (isInTheWay) return CONFLICTS;
    }
    return FREE;
  }

  /** Finds out what the last step of the sequence would do, unless that is known. */
  #makeCertain(marked?: Branch): void {
    if (this.#isCertain) return;
    this.#isCertain = true;
    this.#keepWhole();
    if (marked !== undefined) this.#mark(marked, false);
    this.#findOut();
    if (marked !== undefined) this.#mark(marked, true);
  }

  #meets(cells: Int32Array, kinds: Int32Array | Uint8Array, from: number, to: number): boolean {
    const marks = this.#marks;
    for (let n = from; n < to; n++) {
      const mark = marks[cells[n] as number];
      if (mark !== undefined && mark !== 0 && conflict(mark, kinds[n] as number)) return true;
    }
    return false;
  }

  // --- Into a wakeup tree -----------------------------------------------------------------------------------

  /**
   * Adds the sequence to a wakeup tree, unless one in it covers it: as the last branch below the part that the two have
   * in common. The sequence is used up.
   * @param tree it is added to
   * @param tried so many branches of it are left alone, as the sequence cannot begin with them
   */
  insertInto(tree: Branch[], tried: number): void {
    let branches = tree;
    let from = tried;
    for (;;) {
      const branch = this.#takeFirst(branches, from);
      if (branch === undefined) break;
      if (branch.next.length === 0) return;
      branches = branch.next;
      from = 0;
    }
    if (this.#length === 0) return;
    this.#makeCertain();
    branches.push(this.#toBranch());
  }

  /** The first branch that the sequence could begin with; its event is taken out. */
  #takeFirst(branches: readonly Branch[], from: number): Branch | undefined {
    for (let n = from; n < branches.length; n++) {
      const branch = branches[n] as Branch;
      const place = this.#placeOf(branch);
      if (place === CONFLICTS) continue;
      if (place !== FREE) {
        if (!this.#isCertain) this.#keepWhole();
        this.#items.copyWithin(place, place + 1, this.#length);
        this.#length--;
      }
      return branch;
    }
    return undefined;
  }

  /** The rest of the sequence as one branch after the other. */
  #toBranch(): Branch {
    const { footprints, values, ways } = this.#steps;
    let end = 0;
    for (let n = 0; n < this.#length; n++) end += this.#sizeOf(this.#items[n] as number);
    const accesses = new Int32Array(end);
    let next = emptyTree;
    for (let n = this.#length - 1; n >= 0; n--) {
      const step = this.#items[n] as number;
      const size = this.#sizeOf(step);
      const from = end - size;
      if (step === LAST) {
        this.#pack(this.#lastCells, this.#lastKinds, 0, size, accesses, from);
        next = [
          new Branch(this.#lastThread, this.#lastValue, this.#lastWays, accesses, from, end, next),
        ];
      } else {
        const first = this.#steps.firstEntry(step);
        this.#pack(footprints.cells, footprints.kinds, first, size, accesses, from);
        const thread = this.#steps.threadOf(step);
        const [value, outOf] = [values[step] as number, ways[step] as number];
        next = [new Branch(thread, value, outOf, accesses, from, end, next)];
      }
      end = from;
    }
    return next[0] as Branch;
  }

  #pack(
    cells: Int32Array,
    kinds: Int32Array | Uint8Array,
    first: number,
    size: number,
    accesses: Int32Array,
    to: number,
  ): void {
    for (let n = 0; n < size; n++) {
      accesses[to + n] = ((cells[first + n] as number) << 2) | (kinds[first + n] as number);
    }
  }

  #sizeOf(step: number): number {
    if (step === LAST) return this.#lastLength;
    return this.#steps.endOfEntries(step) - this.#steps.firstEntry(step);
  }
}
