// The states that several searches on different cores have seen, in memory that they share. Whoever notes a state first
// looks at all that can follow it, and the others leave it to him. A slot is two words: the first is taken by an atomic
// exchange, the second follows; whoever meets a slot in between waits for it. The table does not grow.
import type { KnownStates } from './visited.js';

/** How full the table may get. */
const fullShare = 0.8;

export class SharedStates implements KnownStates {
  /** To hand on to other threads. */
  readonly memory: SharedArrayBuffer;
  readonly #keys: Int32Array;
  readonly #count: Int32Array;
  readonly #mask: number;
  readonly #limit: number;

  /** Room for so many states. */
  static withRoom(states: number): SharedStates {
    let slots = 1 << 12;
    while (slots * fullShare < states) slots *= 2;
    const words = 2 * slots + 2;
    return new SharedStates(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));
  }

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    const all = new Int32Array(memory);
    this.#count = all.subarray(0, 1);
    this.#keys = all.subarray(2);
    const slots = this.#keys.length / 2;
    this.#mask = slots - 1;
    this.#limit = Math.floor(slots * fullShare);
  }

  get size(): number {
    return Atomics.load(this.#count, 0);
  }

  get bytes(): number {
    return this.memory.byteLength;
  }

  /** No more states may be added. */
  get isFull(): boolean {
    return this.size >= this.#limit;
  }

  /**
   * Notes a state; false if it is known. Zero marks an empty word, so a hash of zero counts as one.
   * @throws RangeError when it is full
   */
  add(a: number, b: number): boolean {
    const keys = this.#keys;
    const [first, second] = [a === 0 ? 1 : a, b === 0 ? 1 : b];
    let at = (first ^ Math.imul(second, 0x9e3779b1)) & this.#mask;
    for (;;) {
      const taken = Atomics.compareExchange(keys, 2 * at, 0, first);
      if (taken === 0) {
        Atomics.store(keys, 2 * at + 1, second);
        if (Atomics.add(this.#count, 0, 1) > this.#limit)
          throw new RangeError('no room for states');
        return true;
      }
      if (taken === first && this.#secondOf(at) === second) return false;
      at = (at + 1) & this.#mask;
    }
  }

  has(a: number, b: number): boolean {
    const [first, second] = [a === 0 ? 1 : a, b === 0 ? 1 : b];
    let at = (first ^ Math.imul(second, 0x9e3779b1)) & this.#mask;
    for (;;) {
      const taken = Atomics.load(this.#keys, 2 * at);
      if (taken === 0) return false;
      if (taken === first && this.#secondOf(at) === second) return true;
      at = (at + 1) & this.#mask;
    }
  }

  #secondOf(at: number): number {
    for (;;) {
      const second = Atomics.load(this.#keys, 2 * at + 1);
      if (second !== 0) return second;
    }
  }
}
