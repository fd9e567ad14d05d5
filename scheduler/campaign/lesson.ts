// What a campaign has learned: taken from the executions of one block, and put together over blocks. The order of the
// blocks must not matter for what comes out, as several workers run them.
import type { Execution } from '../execution.js';
import type { Lesson } from '../strategy.js';

/** Before anything has run. */
export const noLesson: Lesson = { decisionsMax: 0, drawsMax: 0 };

/** What two lessons teach together. */
export function bothLessons(a: Lesson, b: Lesson): Lesson {
  return {
    decisionsMax: Math.max(a.decisionsMax, b.decisionsMax),
    drawsMax: Math.max(a.drawsMax, b.drawsMax),
  };
}

/** Watches the executions of one block. */
export class Learner {
  #decisionsMax = 0;
  #drawsMax = 0;

  /** The execution has just ended. */
  see({ decisions, draws }: Execution): void {
    if (decisions > this.#decisionsMax) this.#decisionsMax = decisions;
    if (draws > this.#drawsMax) this.#drawsMax = draws;
  }

  get lesson(): Lesson {
    return { decisionsMax: this.#decisionsMax, drawsMax: this.#drawsMax };
  }
}
