// The only import of seedrandom. Chance is a tree of named streams below one seed, so that a new use of
// chance never shifts the draws of another one.
import seedrandom from 'seedrandom';

const bufferDraws = 64;

/**
 * One stream of seedrandom's alea. Draws are made 64 at a time into a typed array, so that taking one
 * allocates nothing and costs a few nanoseconds.
 */
export class Random {
  readonly #buffer = new Float64Array(bufferDraws);
  #next = bufferDraws;
  #draw: () => number;

  /** @param name the whole name of the stream, seed first: `"7/pct/schedule/12"` */
  constructor(name: string) {
    this.#draw = seedrandom.alea(name);
  }

  /** Begins another stream in place. */
  restart(name: string): void {
    this.#draw = seedrandom.alea(name);
    this.#next = bufferDraws;
  }

  /** A whole number from 0 to `bound` - 1, each equally likely (to within 2^-32 of `bound`). */
  below(bound: number): number {
    if (this.#next === bufferDraws) this.#refill();
    return ((this.#buffer[this.#next++] as number) * bound) | 0;
  }

  /** A number of 53 bits from 0 up to 1, without it: fine enough to choose among 2^53 things. */
  fraction(): number {
    if (this.#next >= bufferDraws - 1) this.#refill();
    const high = this.#buffer[this.#next++] as number;
    const low = this.#buffer[this.#next++] as number;
    return high + Math.floor(low * 2 ** 21) * 2 ** -53;
  }

  #refill(): void {
    const draw = this.#draw;
    const buffer = this.#buffer;
    for (let i = 0; i < bufferDraws; i++) buffer[i] = draw();
    this.#next = 0;
  }
}

/** The name of a stream: the campaign's seed, what the stream decides, and the block of executions it serves. */
export function streamName(seed: string, purpose: string, block: number): string {
  return `${seed}/${purpose}/${String(block)}`;
}
