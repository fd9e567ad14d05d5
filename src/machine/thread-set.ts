// A set of threads as bits: adding and removing a whole set costs an operation per 32 threads of the machine, so a
// lock that changes hands makes all who wait for it runnable, or not, at once. It grows with the highest thread in it.
const bitsPerWord = 32;
/** Room for so many words from the start: most machines never need more. */
const wordsAtFirst = 4;

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

/** Who hears of threads that come into a set. */
export interface Arrivals {
  /** The thread was not in the set, and now it is. */
  arrived(thread: number): void;
  /** What the thread waits for now falls due in so many simulated nanoseconds; it may be in the set or not. */
  renewed(thread: number, delay: number): void;
}

export class ThreadSet {
  /** How many threads are in the set. */
  count = 0;
  /** For a strategy that keeps time: whoever is to hear of arrivals. */
  arrivals: Arrivals | undefined = undefined;
  #words = new Int32Array(wordsAtFirst);
  /** Words that may have a bit set: the first so many, at least one. */
  #used = 1;

  /** The first 32 threads as bits; all there are where a machine has no more. */
  get firstWord(): number {
    return this.#words[0] as number;
  }

  /** Makes it a set of the first 32 threads. */
  set firstWord(word: number) {
    this.#words.fill(0, 1, this.#used);
    this.#words[0] = word;
    this.count = bitCount(word);
  }

  has(thread: number): boolean {
    // -1, nobody, is asked for as well: as an unsigned number it is beyond every set.
    const at = thread >>> 5;
    return at < this.#used && (((this.#words[at] as number) >>> (thread & 31)) & 1) === 1;
  }

  add(thread: number): void {
    const at = thread >>> 5;
    if (at >= this.#used) this.#use(at + 1);
    const bit = 1 << (thread & 31);
    const word = this.#words[at] as number;
    if ((word & bit) !== 0) return;
    this.#words[at] = word | bit;
    this.count++;
    if (this.arrivals !== undefined) this.arrivals.arrived(thread);
  }

  remove(thread: number): void {
    const at = thread >>> 5;
    if (at >= this.#used) return;
    const bit = 1 << (thread & 31);
    const word = this.#words[at] as number;
    if ((word & bit) === 0) return;
    this.#words[at] = word & ~bit;
    this.count--;
  }

  /** What the thread waits for now falls due in so many simulated nanoseconds. */
  renew(thread: number, delay: number): void {
    this.arrivals?.renewed(thread, delay);
  }

  #use(words: number): void {
    if (words > this.#words.length) {
      const larger = new Int32Array(Math.max(words, 2 * this.#words.length));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#used = words;
  }

  addAll(others: ThreadSet): void {
    if (others.#used > this.#used) this.#use(others.#used);
    for (let at = 0; at < others.#used; at++) {
      const added = (others.#words[at] as number) & ~(this.#words[at] as number);
      if (added === 0) continue;
      this.#words[at] = (this.#words[at] as number) | added;
      this.count += bitCount(added);
      if (this.arrivals !== undefined) this.#tellAll(at, added);
    }
  }

  #tellAll(at: number, added: number): void {
    for (let bits = added; bits !== 0; bits &= bits - 1) {
      this.arrivals?.arrived(at * bitsPerWord + lowestBit(bits));
    }
  }

  removeAll(others: ThreadSet): void {
    const both = Math.min(this.#used, others.#used);
    for (let at = 0; at < both; at++) {
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
    return this.has(current) ? current : this.after(current);
  }

  /** Writes the threads, ascending, to the start of a list that has room for them; there are `count`. */
  writeTo(list: Int32Array): void {
    let n = 0;
    for (let at = 0; at < this.#used; at++) {
      for (let word = this.#words[at] as number; word !== 0; word &= word - 1) {
        list[n++] = at * bitsPerWord + lowestBit(word);
      }
    }
  }

  /** The next thread in round-robin order after one, which may come round to that itself; -1 where the set is empty. */
  after(thread: number): number {
    const next = this.#first(thread + 1);
    return next >= 0 ? next : this.#first(0);
  }

  /** The first thread of the set from `start` on, or -1. */
  #first(start: number): number {
    let at = start >>> 5;
    if (at >= this.#used) return -1;
    let word = (this.#words[at] as number) & (-1 << (start & 31));
    while (word === 0) {
      if (++at >= this.#used) return -1;
      word = this.#words[at] as number;
    }
    return at * bitsPerWord + lowestBit(word);
  }

  /** The threads in ascending order. */
  sorted(): number[] {
    const threads: number[] = [];
    for (let at = 0; at < this.#used; at++) {
      for (let word = this.#words[at] as number; word !== 0; word &= word - 1) {
        threads.push(at * bitsPerWord + lowestBit(word));
      }
    }
    return threads;
  }
}
