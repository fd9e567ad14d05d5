// One moment of simulated time for each thread, or for each CPU: a typed array that grows with the highest index.
const roomAtFirst = 64;

export class Times {
  readonly #unset: number;
  #times = new Float64Array(roomAtFirst);
  /** So many may differ from `unset`: the first ones. */
  #used = 0;

  /** @param unset what holds where nothing was set */
  constructor(unset: number) {
    this.#unset = unset;
    this.#times.fill(unset);
  }

  of(index: number): number {
    return index < this.#used ? (this.#times[index] as number) : this.#unset;
  }

  set(index: number, time: number): void {
    if (index >= this.#used) this.#use(index + 1);
    this.#times[index] = time;
  }

  clear(): void {
    this.#times.fill(this.#unset, 0, this.#used);
    this.#used = 0;
  }

  #use(count: number): void {
    if (count > this.#times.length) {
      const larger = new Float64Array(Math.max(count, 2 * this.#times.length)).fill(this.#unset);
      larger.set(this.#times);
      this.#times = larger;
    }
    this.#used = count;
  }
}
