// One whole number for each thread: a typed array that grows with the highest index and is emptied at no cost of its own.
const roomAtFirst = 64;

export class Numbers {
  readonly #unset: number;
  #numbers = new Int32Array(roomAtFirst);
  #used = 0;

  /** @param unset what holds where nothing was set */
  constructor(unset: number) {
    this.#unset = unset;
    this.#numbers.fill(unset);
  }

  /** Makes room for the threads 0 to `count` - 1: only these may be asked for. */
  cover(count: number): void {
    this.#used = Math.max(this.#used, count);
    if (count <= this.#numbers.length) return;
    const larger = new Int32Array(Math.max(count, 2 * this.#numbers.length)).fill(this.#unset);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  of(thread: number): number {
    return this.#numbers[thread] as number;
  }

  set(thread: number, number: number): void {
    this.#numbers[thread] = number;
  }

  clear(): void {
    this.#numbers.fill(this.#unset, 0, this.#used);
    this.#used = 0;
  }
}
