// The decisions of one execution at which something is to happen that a strategy has drawn beforehand: priorities change,
// or a thread is passed over. They are drawn among as many decisions as an execution has had so far at most.
import type { Random } from '../../src/random.js';

export class ChangePoints {
  /** Ascending. */
  readonly #points: number[];
  #next = 0;
  #decision = 0;

  constructor(count: number) {
    this.#points = new Array<number>(count).fill(0);
  }

  /** Draws distinct positions in [0, k), by insertion; with a k too small for that they repeat its end. */
  drawDistinct(random: Random, k: number): void {
    this.#next = this.#decision = 0;
    const points = this.#points;
    for (let i = 0; i < points.length; i++) {
      let at = k > i ? random.below(k - i) : k;
      let j = 0;
      while (j < i && (points[j] as number) <= at) {
        at++;
        j++;
      }
      this.#insert(i, j, at);
    }
  }

  /** Draws positions in [0, k), each by itself, so that several may be one. */
  drawAny(random: Random, k: number): void {
    this.#next = this.#decision = 0;
    const points = this.#points;
    for (let i = 0; i < points.length; i++) {
      const at = random.below(k);
      let j = i;
      while (j > 0 && (points[j - 1] as number) > at) j--;
      this.#insert(i, j, at);
    }
  }

  /** Puts a position in place `j` of the first `i`. */
  #insert(i: number, j: number, at: number): void {
    const points = this.#points;
    for (let m = i; m > j; m--) points[m] = points[m - 1] as number;
    points[j] = at;
  }

  /** At each decision, once: how many of the points it is. */
  due(): number {
    const decision = this.#decision++;
    let due = 0;
    while (this.#points[this.#next] === decision) {
      this.#next++;
      due++;
    }
    return due;
  }
}
