// What happens before what in the present execution: a vector clock for each step. Threads have numbers that do not
// depend on the interleaving, as the indices of spawned ones do.
import type { Cell, Machine } from '../../src/machine/index.js';
import type { ThreadIdentity } from '../../src/machine/thread.js';
import { grown } from './arrays.js';
import type { Footprints } from './footprints.js';

export class Order {
  /** By step: the number of its thread. */
  threads = new Int32Array(64);
  /** By step: as which of its thread's steps it came, counted from 1. */
  ordinals = new Int32Array(64);
  /** By number of a thread in this execution: its index; -1 while there is none. */
  indexOf = new Int32Array(8).fill(-1);
  /** Threads that there ever were. */
  threadCount = 0;
  /** By step and thread: how many steps of that thread happen before it, or are it. */
  #clocks = new Int32Array(64 * 8);
  /** Room for so many threads in a clock. */
  #width = 8;
  /** By thread: its last step, or -1. */
  #last = new Int32Array(8).fill(-1);
  /** By step: the step before it of the same thread, or -1. */
  #earlier = new Int32Array(64);
  /** By thread: the step that started it, or -1. */
  #births = new Int32Array(8).fill(-1);
  /** By index in this execution: the thread's number. */
  readonly #numbers: number[] = [];
  readonly #numberOf = new Map<ThreadIdentity, number>();
  /** By index: who had it when it was last looked at. */
  readonly #identities: ThreadIdentity[] = [];
  /** By thread: the numbers of the cells that its slot lends it. */
  readonly #slotCells = new Map<ThreadIdentity, number[]>();
  readonly #machine: Machine;
  readonly #footprints: Footprints;

  constructor(machine: Machine, footprints: Footprints) {
    this.#machine = machine;
    this.#footprints = footprints;
  }

  /** A new execution begins: there are the threads of the initial state. */
  restart(): void {
    this.indexOf.fill(-1);
    this.#numbers.length = 0;
  }

  /** The number of the thread that has the index. */
  numberAt(index: number): number {
    return this.#numbers[index] as number;
  }

  /** Meets the threads that there are since the last time; `step` has started them, or -1. */
  meetThreads(step: number): void {
    for (let index = this.#numbers.length; index < this.#machine.threadCount; index++) {
      const { identity } = this.#machine.thread(index);
      const number = this.#numberOf.get(identity) ?? this.#enlist(identity);
      this.#numbers.push(number);
      this.indexOf[number] = index;
      this.#births[number] = step;
      if (this.#identities[index] !== identity) this.#lendCells(index, identity);
    }
  }

  #enlist(identity: ThreadIdentity): number {
    const number = this.threadCount++;
    this.#numberOf.set(identity, number);
    if (number === this.#width) this.#widen();
    this.#last[number] = -1;
    return number;
  }

  #widen(): void {
    const narrow = this.#width;
    const wide = 2 * narrow;
    const clocks = new Int32Array((this.#clocks.length / narrow) * wide);
    for (let from = 0, to = 0; from < this.#clocks.length; from += narrow, to += wide) {
      clocks.set(this.#clocks.subarray(from, from + narrow), to);
    }
    this.#clocks = clocks;
    this.#width = wide;
    this.indexOf = grown(this.indexOf, wide).fill(-1, narrow);
    this.#last = grown(this.#last, wide).fill(-1, narrow);
    this.#births = grown(this.#births, wide).fill(-1, narrow);
  }

  /** Cells of the slot of an index stand for other locations when another thread has it. */
  #lendCells(index: number, identity: ThreadIdentity): void {
    const before = this.#identities[index];
    const cells: readonly (Cell<unknown> | undefined)[] = this.#machine.thread(index).sharedCells;
    if (before !== undefined) {
      this.#slotCells.set(
        before,
        cells.map((cell) => cell?.searchId ?? -1),
      );
    }
    const numbers = this.#slotCells.get(identity);
    for (const [n, cell] of cells.entries()) {
      if (cell === undefined) continue;
      cell.searchId = numbers?.[n] ?? -1;
      if (cell.searchId >= 0) this.#footprints.cellOf[cell.searchId] = cell;
    }
    this.#identities[index] = identity;
  }

  /** A step begins: after all that its thread has done, and after the thread's start. */
  begin(step: number, thread: number): void {
    if (step >= this.threads.length) this.#lengthen(step + 1);
    const before = this.#last[thread] as number;
    this.threads[step] = thread;
    this.ordinals[step] = before < 0 ? 1 : (this.ordinals[before] as number) + 1;
    this.#earlier[step] = before;
    const start = step * this.#width;
    this.#clocks.fill(0, start, start + this.#width);
    if (before >= 0) this.join(step, before);
    else if ((this.#births[thread] as number) >= 0) this.join(step, this.#births[thread] as number);
  }

  /** The step is the last one of its thread. */
  commit(step: number): void {
    const thread = this.threads[step] as number;
    this.#last[thread] = step;
    this.#clocks[step * this.#width + thread] = this.ordinals[step] as number;
  }

  #lengthen(steps: number): void {
    this.threads = grown(this.threads, steps);
    this.ordinals = grown(this.ordinals, steps);
    this.#earlier = grown(this.#earlier, steps);
    this.#clocks = grown(this.#clocks, this.threads.length * this.#width);
  }

  /** Forgets the steps from `step` on, of so many. */
  truncate(step: number, steps: number): void {
    for (let n = steps - 1; n >= step; n--) {
      this.#last[this.threads[n] as number] = this.#earlier[n] as number;
    }
  }

  /** The step comes after all that a thread has done. */
  follow(step: number, thread: number): void {
    const last = this.#last[thread] as number;
    const end = last >= 0 ? last : (this.#births[thread] as number);
    if (end >= 0) this.join(step, end);
  }

  /** `step` comes after `other`, and all that happens before that. */
  join(step: number, other: number): void {
    const clocks = this.#clocks;
    const width = this.threadCount;
    const to = step * this.#width;
    const from = other * this.#width;
    for (let t = 0; t < width; t++) {
      const time = clocks[from + t] as number;
      if (time > (clocks[to + t] as number)) clocks[to + t] = time;
    }
  }

  /** Whether the thread of `other` could not have come to its step without `step`. */
  leadsTo(step: number, other: number): boolean {
    const earlier = this.#earlier[other] as number;
    const reason = earlier >= 0 ? earlier : (this.#births[this.threads[other] as number] as number);
    return reason >= 0 && this.isBefore(step, reason);
  }

  /** Whether the first step happens before the other one, or is the same. */
  isBefore(step: number, other: number): boolean {
    const time = this.#clocks[other * this.#width + (this.threads[step] as number)] as number;
    return time >= (this.ordinals[step] as number);
  }
}
