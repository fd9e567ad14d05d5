// The yardstick W1 once more, with every trick for this one program: operations are small integers, effects are
// plain assignments in the generators, no array is made per step. A generic engine cannot do this; it is the floor.

const LOCK = 0;
const READ = 1;
const WRITE = 2;
const UNLOCK = 3;

export class TunedAccount {
  readonly #threads: number;
  readonly #times: number;
  #random = 88675123;
  #x = 0;
  #owner = -1;

  constructor(threads: number, times: number) {
    this.#threads = threads;
    this.#times = times;
  }

  *#thread(id: number): Generator<number, void, void> {
    for (let i = 0; i < this.#times; i++) {
      yield LOCK;
      this.#owner = id;
      yield READ;
      const seen = this.#x;
      yield WRITE;
      this.#x = seen + 1;
      yield UNLOCK;
      this.#owner = -1;
    }
  }

  /** One execution under a random walk. */
  run(): void {
    this.#x = 0;
    this.#owner = -1;
    const generators: Generator<number, void, void>[] = [];
    const pending: number[] = [];
    for (let t = 0; t < this.#threads; t++) {
      const generator = this.#thread(t);
      generators.push(generator);
      pending.push(generator.next().value as number);
    }
    const ended = -1;
    const runnable: number[] = [];
    for (let left = this.#threads; left > 0;) {
      let count = 0;
      for (let t = 0; t < this.#threads; t++) {
        const operation = pending[t] as number;
        if (operation !== ended && (operation !== LOCK || this.#owner < 0)) runnable[count++] = t;
      }
      const t = runnable[this.#below(count)] as number;
      const step = (generators[t] as Generator<number, void, void>).next();
      pending[t] = step.done === true ? ended : step.value;
      if (step.done === true) left--;
    }
    if (this.#x !== this.#threads * this.#times) throw new Error('an update was lost');
  }

  #below(bound: number): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % bound;
  }
}
