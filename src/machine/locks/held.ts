// The locks that one thread holds, in the order in which it took them: what lockdep, the race detector and the rules
// about locks at a thread's end read. It follows from the thread's steps, so nothing of it is logged; whoever goes
// back in the middle of an execution has to build it anew.
import type { Lock } from './lock.js';

export type HoldMode = 'write' | 'read';

/** What a thread held at some time. */
export type SavedHolds = { readonly lock: Lock; readonly mode: HoldMode; readonly level: number }[];

export class HeldLocks {
  /** How many it holds; a lock that is held twice counts twice. */
  depth = 0;
  /** Sequence counters under which it has read without having asked yet whether to read again. */
  readonly unvalidated: Lock[] = [];
  // The first one has a place of its own: most threads never hold two, and this is part of every lock operation.
  #first: Lock | undefined = undefined;
  #firstMode: HoldMode = 'write';
  /** The others, from the second on. */
  readonly #locks: Lock[] = [];
  readonly #modes: HoldMode[] = [];
  /** Nesting levels, where some were given. */
  readonly #levels: number[] = [];
  #hasLevels = false;

  /** The n-th lock in the order of taking, counted from 0. */
  lock(n: number): Lock {
    return (n === 0 ? this.#first : this.#locks[n - 1]) as Lock;
  }

  mode(n: number): HoldMode {
    return n === 0 ? this.#firstMode : (this.#modes[n - 1] as HoldMode);
  }

  /** The nesting level that the lock was taken at: 0 unless the model says otherwise. */
  level(n: number): number {
    return this.#hasLevels ? (this.#levels[n] ?? 0) : 0;
  }

  /** Says of the lock taken last that it was taken at a nesting level. */
  tookAtLevel(level: number): void {
    this.#hasLevels = true;
    this.#levels[this.depth - 1] = level;
  }

  took(lock: Lock, mode: HoldMode): void {
    this.#put(this.depth, lock, mode);
    this.depth++;
  }

  #put(n: number, lock: Lock, mode: HoldMode): void {
    if (n === 0) {
      this.#first = lock;
      this.#firstMode = mode;
    } else {
      this.#locks[n - 1] = lock;
      this.#modes[n - 1] = mode;
    }
  }

  /** Gives back the hold that was taken last; false if there is none. */
  gave(lock: Lock, mode: HoldMode): boolean {
    const last = this.depth - 1;
    if (last < 0) return false;
    if (this.lock(last) === lock && this.mode(last) === mode) {
      this.depth = last;
      if (this.#hasLevels) this.#levels.length = last;
      return true;
    }
    return this.#gaveInner(lock, mode);
  }

  /** Locks need not be given back in the reverse order of taking. */
  #gaveInner(lock: Lock, mode: HoldMode): boolean {
    for (let n = this.depth - 1; n >= 0; n--) {
      if (this.lock(n) !== lock || this.mode(n) !== mode) continue;
      this.depth--;
      for (let m = n; m < this.depth; m++) this.#put(m, this.lock(m + 1), this.mode(m + 1));
      if (this.#hasLevels) this.#levels.splice(n, 1);
      return true;
    }
    return false;
  }

  /** What is held now, for going back; undefined for nothing. */
  save(): SavedHolds | undefined {
    if (this.depth === 0) return undefined;
    const holds: SavedHolds = [];
    for (let n = 0; n < this.depth; n++) {
      holds.push({ lock: this.lock(n), mode: this.mode(n), level: this.level(n) });
    }
    return holds;
  }

  /** Goes back to what was held. */
  restore(saved: SavedHolds | undefined): void {
    this.restart();
    if (saved === undefined) return;
    for (const { lock, mode, level } of saved) {
      this.took(lock, mode);
      if (level !== 0) this.tookAtLevel(level);
    }
  }

  restart(): void {
    this.depth = 0;
    if (this.unvalidated.length > 0) this.unvalidated.length = 0;
    if (!this.#hasLevels) return;
    this.#hasLevels = false;
    this.#levels.length = 0;
  }
}
