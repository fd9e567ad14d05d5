// Follows the beginning of a schedule, and then asks another strategy: so a search stays near what was recorded.
import type { DataPurpose } from '../../src/machine/index.js';
import type { Schedule } from '../schedule.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { Follow } from './follow.js';

export class AfterPrefix implements Strategy {
  readonly name: string;
  readonly keepsTime: boolean;
  readonly #inner: Strategy;
  readonly #prefix: Follow;
  readonly #asked: () => number;
  readonly #until: number;

  /**
   * @param asked how many questions were asked before the present one; the execution knows
   * @param until from this question on the inner strategy is asked
   */
  constructor(inner: Strategy, schedule: Schedule, until: number, asked: () => number) {
    this.name = inner.name;
    this.keepsTime = inner.keepsTime ?? false;
    this.#inner = inner;
    this.#prefix = new Follow(
      schedule.filter(({ at }) => at < until),
      asked,
      false,
    );
    this.#asked = asked;
    this.#until = until;
  }

  beginBlock(block: number): void {
    this.#inner.beginBlock(block);
  }

  begin(view: View): void {
    this.#prefix.begin(view);
    this.#inner.begin(view);
  }

  choose(current: number): number {
    return this.#present.choose(current);
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#present.draw(ways, purpose);
  }

  get #present(): Strategy {
    return this.#asked() < this.#until ? this.#prefix : this.#inner;
  }

  learn(lesson: Lesson): void {
    this.#inner.learn(lesson);
  }
}
