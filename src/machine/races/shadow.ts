// What the race detector remembers of one cell: the accesses that a later one could race with. That is the last
// plain write, and of every thread its last marked write and its last plain and marked read; what happened before
// the last plain write is settled by it (Flanagan and Freund, FastTrack, PLDI 2009, with marked accesses added).
import type { Cell } from '../cell.js';
import type { HoldMode } from '../locks/held.js';
import type { Lock } from '../locks/lock.js';
import type { ThreadRole } from '../context/interrupts.js';
import type { Exclusions } from './cpu-exclusion.js';
import type { VectorClock } from './vector-clock.js';

/** One access, as it is remembered and reported. */
export interface Access {
  readonly cell: Cell<unknown>;
  readonly thread: number;
  /** The thread's epoch: whoever's clock covers it comes after the access. */
  readonly epoch: number;
  readonly does: 'reads' | 'writes' | 'updates' | 'frees';
  readonly marked: boolean;
  /** The primitive: `WRITE_ONCE`. */
  readonly operation: string;
  /** What it read or wrote; `undefined` where there is no one value. */
  readonly value: unknown;
  /** Number of the step, counted from 0; for a private object that was filled in, the one before. */
  readonly step: number;
  readonly cpu: number;
  readonly role: ThreadRole;
  readonly excluded: Exclusions;
  readonly locks: readonly Hold[];
  /** The seqcounts under which it reads, to validate it later, or writes. */
  readonly seqcounts: readonly Lock[];
  /** The function; undefined outside of any, and in search gear, where nobody keeps calls. */
  readonly function: string | undefined;
}

/** A lock that a thread held. */
export interface Hold {
  readonly lock: Lock;
  readonly mode: HoldMode;
}

/** The last access of each thread, in the order in which the threads came. */
type ByThread = Map<number, Access>;

export class Shadow {
  /** The last write of any kind: what a read reads from. */
  lastWrite: Access | undefined = undefined;
  #plainWrite: Access | undefined = undefined;
  /** Plain writes under a seqcount: they settle nothing, since a reader that overlaps them is no race. */
  readonly #seqcountWrites: ByThread = new Map();
  readonly #markedWrites: ByThread = new Map();
  readonly #plainReads: ByThread = new Map();
  readonly #markedReads: ByThread = new Map();

  /** An earlier access that conflicts with this one and did not happen before it, or undefined. */
  conflict(access: Access, clock: VectorClock): Access | undefined {
    const writes = access.does !== 'reads';
    const plainWrite = this.#plainWrite;
    if (plainWrite !== undefined && isConcurrent(plainWrite, access, clock)) return plainWrite;
    const underSeqcount = firstConcurrent(this.#seqcountWrites, access, clock);
    if (underSeqcount !== undefined) return underSeqcount;
    if (!access.marked) {
      const found = firstConcurrent(this.#markedWrites, access, clock);
      if (found !== undefined) return found;
    }
    if (!writes) return undefined;
    const read = firstConcurrent(this.#plainReads, access, clock);
    if (read !== undefined || access.marked) return read;
    return firstConcurrent(this.#markedReads, access, clock);
  }

  remember(access: Access): void {
    const { does, marked, thread } = access;
    if (does === 'reads') {
      (marked ? this.#markedReads : this.#plainReads).set(thread, access);
      return;
    }
    this.lastWrite = access;
    if (marked) {
      this.#markedWrites.set(thread, access);
      return;
    }
    if (access.seqcounts.length > 0) {
      this.#seqcountWrites.set(thread, access);
      return;
    }
    this.#plainWrite = access;
    this.#seqcountWrites.clear();
    this.#markedWrites.clear();
    this.#plainReads.clear();
    this.#markedReads.clear();
  }
}

function isConcurrent(earlier: Access, access: Access, clock: VectorClock): boolean {
  if (earlier.thread === access.thread || clock.covers(earlier.thread, earlier.epoch)) return false;
  return !isValidatedLater(earlier, access);
}

/** Whether a reader notices the writer, and reads again: KCSAN looks at neither section. */
function isValidatedLater(one: Access, other: Access): boolean {
  if ((one.does === 'reads') === (other.does === 'reads')) return false;
  return one.seqcounts.some((seqcount) => other.seqcounts.includes(seqcount));
}

function firstConcurrent(
  earlier: ByThread,
  access: Access,
  clock: VectorClock,
): Access | undefined {
  for (const candidate of earlier.values()) {
    if (isConcurrent(candidate, access, clock)) return candidate;
  }
  return undefined;
}
