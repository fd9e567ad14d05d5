// A sample of the ways that a search has cut short, for its audit. Which ones follows from their fingerprints: no
// chance is needed, and the same search always audits the same.
import type { Trail } from './trail.js';

/** How many ways are kept at most; once there are so many, every second one is dropped. */
const samplesMax = 64;
/** How often each is gone on from, each time by other choices. */
const walks = 2;

/** A way up to where it was cut short, and how to go on from there. */
export class Sample {
  readonly length: number;
  /** The thread that went on last. */
  ran = 0;
  readonly #picks: readonly number[];
  #random: number;

  constructor(picks: readonly number[], seed: number) {
    this.length = picks.length;
    this.#picks = picks;
    this.#random = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** What was answered to the n-th question; beyond the end, any of so many answers. */
  answer(n: number, ways: number): number {
    if (n < this.length) return this.#picks[n] as number;
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return (x >>> 0) % ways;
  }
}

export class Cuts {
  #mask = 0;
  #kept: { readonly hash: number; readonly picks: readonly number[] }[] = [];

  /** A way ends here, in a state that is known. */
  add(trail: Trail, hash: number): void {
    if ((hash & this.#mask) !== 0) return;
    this.#kept.push({ hash, picks: trail.pick.slice(0, trail.length) });
    if (this.#kept.length <= samplesMax) return;
    this.#mask = 2 * this.#mask + 1;
    this.#kept = this.#kept.filter((kept) => (kept.hash & this.#mask) === 0);
  }

  samples(): Sample[] {
    return this.#kept.flatMap(({ hash, picks }) =>
      Array.from({ length: walks }, (_, walk) => new Sample(picks, hash + walk)),
    );
  }
}
