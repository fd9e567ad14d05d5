// Where allocations and other steps fail. Asking a coin at each of them would hardly ever reach the tenth one; so each
// execution draws one position among those seen so far, as PCT does for its change points.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson } from '../strategy.js';

export class FaultPlan {
  readonly #seed: string;
  readonly #purpose: string;
  readonly #random: Random;
  #drawsExpected = 1;
  #asked = 0;
  #failsAt = 0;

  constructor(seed: string, strategy: string) {
    this.#seed = seed;
    this.#purpose = `${strategy}/data`;
    this.#random = new Random(streamName(seed, this.#purpose, 0));
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, this.#purpose, block));
  }

  /** One execution in drawsExpected + 1 has no failure at all. */
  begin(): void {
    this.#asked = 0;
    this.#failsAt = this.#random.below(this.#drawsExpected + 1);
  }

  /** Allocations, vetoes and other failing steps share one budget, so they share one plan. */
  draw(ways: number, _purpose: DataPurpose): number {
    return this.#asked++ === this.#failsAt ? 1 : this.#afterFirst(ways);
  }

  /** A second failure of the same execution is rare, but not excluded. */
  #afterFirst(ways: number): number {
    if (this.#asked <= this.#failsAt) return 0;
    return this.#random.below(8) === 0 ? this.#random.below(ways) : 0;
  }

  learn(lesson: Lesson): void {
    this.#drawsExpected = Math.max(this.#drawsExpected, lesson.drawsMax);
  }
}
