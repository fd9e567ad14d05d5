// The states that a search has seen, as 64-bit fingerprints in a typed open-addressing table: a megabyte holds some
// 60,000 to 130,000 of them. With a preemption bound each keeps the fewest preemptions that it was reached with.

const slotsAtFirst = 1 << 12;
/** How many slots are taken before the table doubles, as a share of four. */
const fullQuarters = 3;

/** What a search needs of its states. */
export interface KnownStates {
  /** How many different states. */
  readonly size: number;
  readonly bytes: number;
  /**
   * Notes a state. False if it is known, with as many preemptions or fewer.
   * @param used preemptions so far
   */
  add(a: number, b: number, used: number): boolean;
  /** Whether a state is known with so many preemptions or fewer. */
  has(a: number, b: number, used: number): boolean;
}

export class Visited implements KnownStates {
  /** How many different states. */
  size = 0;
  #keys = new Int32Array(2 * slotsAtFirst);
  #used: Uint16Array | undefined;
  #mask = slotsAtFirst - 1;
  #limit = (slotsAtFirst / 4) * fullQuarters;

  /** @param bounded keep with each state the fewest preemptions that led to it */
  constructor(bounded: boolean) {
    this.#used = bounded ? new Uint16Array(slotsAtFirst) : undefined;
  }

  get bytes(): number {
    return this.#keys.byteLength + (this.#used?.byteLength ?? 0);
  }

  /**
   * Notes a state. False if it is known, with as many preemptions or fewer: then nothing new can follow.
   * @param used preemptions so far
   */
  add(a: number, b: number, used: number): boolean {
    const at = this.#find(a, b);
    if (this.#isTaken(at)) {
      if (this.#used === undefined || (this.#used[at] as number) <= used) return false;
      this.#used[at] = used;
      return true;
    }
    this.#put(at, a, b, used);
    if (++this.size > this.#limit) this.#grow();
    return true;
  }

  /** Tells every state, in no order that means anything. */
  forEach(tell: (a: number, b: number) => void): void {
    const keys = this.#keys;
    for (let at = 0; at < keys.length; at += 2) {
      const [a, b] = [keys[at] as number, keys[at + 1] as number];
      if (a !== 0 || b !== 0) tell(a, b);
    }
  }

  /** Whether a state is known with so many preemptions or fewer. */
  has(a: number, b: number, used: number): boolean {
    const at = this.#find(a, b);
    if (!this.#isTaken(at)) return false;
    return this.#used === undefined || (this.#used[at] as number) <= used;
  }

  #isTaken(at: number): boolean {
    return this.#keys[2 * at] !== 0 || this.#keys[2 * at + 1] !== 0;
  }

  /** Where a state is, or would be. Two zeros stand for an empty slot, so that state is taken for another one. */
  #find(a: number, b: number): number {
    const keys = this.#keys;
    const mask = this.#mask;
    const first = a === 0 && b === 0 ? 1 : a;
    let at = (first ^ Math.imul(b, 0x9e3779b1)) & mask;
    for (;;) {
      const x = keys[2 * at];
      const y = keys[2 * at + 1];
      if ((x === first && y === b) || (x === 0 && y === 0)) return at;
      at = (at + 1) & mask;
    }
  }

  #put(at: number, a: number, b: number, used: number): void {
    this.#keys[2 * at] = a === 0 && b === 0 ? 1 : a;
    this.#keys[2 * at + 1] = b;
    if (this.#used !== undefined) this.#used[at] = used;
  }

  #grow(): void {
    const keys = this.#keys;
    const used = this.#used;
    const slots = keys.length;
    this.#keys = new Int32Array(2 * slots);
    if (used !== undefined) this.#used = new Uint16Array(slots);
    this.#mask = slots - 1;
    this.#limit = (slots / 4) * fullQuarters;
    for (let at = 0; at < keys.length / 2; at++) {
      const a = keys[2 * at] as number;
      const b = keys[2 * at + 1] as number;
      if (a !== 0 || b !== 0) this.#put(this.#find(a, b), a, b, used?.[at] ?? 0);
    }
  }
}
