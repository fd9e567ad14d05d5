// A set of threads as bits: adding and removing a whole set costs an operation per 32 threads of the machine, so a
// lock that changes hands makes all who wait for it runnable, or not, at once.
import { limits } from '../limits.js';

const bitsPerWord = 32;

/** How many bits of a word are set. */
function bitCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The place of the lowest bit set. */
function lowestBit(word: number): number {
  return bitsPerWord - 1 - Math.clz32(word & -word);
}

export class ThreadSet {
  /** How many threads are in the set. */
  count = 0;
  readonly #words = new Int32Array(limits.threadsMax / bitsPerWord);
  /** Words that may have a bit set: the first so many. */
  #used = 1;

  has(thread: number): boolean {
    // -1, nobody, is asked for as well: reading a typed array there would be slow.
    return thread >= 0 && (((this.#words[thread >>> 5] as number) >>> (thread & 31)) & 1) === 1;
  }

  add(thread: number): void {
    const at = thread >>> 5;
    const bit = 1 << (thread & 31);
    const word = this.#words[at] as number;
    if ((word & bit) !== 0) return;
    this.#words[at] = word | bit;
    this.count++;
    if (at >= this.#used) this.#used = at + 1;
  }

  remove(thread: number): void {
    const at = thread >>> 5;
    const bit = 1 << (thread & 31);
    const word = this.#words[at] as number;
    if ((word & bit) === 0) return;
    this.#words[at] = word & ~bit;
    this.count--;
  }

  addAll(others: ThreadSet): void {
    for (let at = 0; at < others.#used; at++) {
      const added = (others.#words[at] as number) & ~(this.#words[at] as number);
      if (added === 0) continue;
      this.#words[at] = (this.#words[at] as number) | added;
      this.count += bitCount(added);
    }
    if (others.#used > this.#used) this.#used = others.#used;
  }

  removeAll(others: ThreadSet): void {
    for (let at = 0; at < others.#used; at++) {
      const removed = (others.#words[at] as number) & (this.#words[at] as number);
      if (removed === 0) continue;
      this.#words[at] = (this.#words[at] as number) & ~removed;
      this.count -= bitCount(removed);
    }
  }

  /** Makes it the threads 0 to `count` - 1. */
  fill(count: number): void {
    this.#words.fill(0, 0, this.#used);
    this.count = 0;
    for (let thread = 0; thread < count; thread++) this.add(thread);
  }

  /** The n-th thread of the set in ascending order, counted from 0; there must be as many. */
  at(n: number): number {
    let left = n;
    let at = 0;
    let word = this.#words[0] as number;
    if (this.#used > 1) {
      for (let bits = bitCount(word); left >= bits; bits = bitCount(word)) {
        left -= bits;
        word = this.#words[++at] as number;
      }
    }
    for (; left > 0; left--) word &= word - 1;
    return at * bitsPerWord + lowestBit(word);
  }

  /**
   * The default of a schedule: the given thread if it is in the set, else the next one in round-robin order from
   * it, or -1 where the set is empty.
   */
  preferred(current: number): number {
    if (this.has(current)) return current;
    const next = this.#first(current + 1);
    return next >= 0 ? next : this.#first(0);
  }

  /** The first thread of the set from `start` on, or -1. */
  #first(start: number): number {
    let at = start >>> 5;
    let word = (this.#words[at] ?? 0) & (-1 << (start & 31));
    while (word === 0) {
      if (++at >= this.#used) return -1;
      word = this.#words[at] as number;
    }
    return at * bitsPerWord + lowestBit(word);
  }

  /** The threads in ascending order. */
  sorted(): number[] {
    const threads: number[] = [];
    for (let n = 0; n < this.count; n++) threads.push(this.at(n));
    return threads;
  }
}
