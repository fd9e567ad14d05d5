// What a campaign has learned: taken from the executions of one block, and put together over blocks. The order of the
// blocks must not matter for what comes out, as several workers run them.
import type { Execution } from '../execution.js';
import { bothProfiles, type Profile } from '../profile.js';
import type { Lesson } from '../strategy.js';

/** Before anything has run. */
export const noLesson: Lesson = { decisionsMax: 0, drawsMax: 0 };

/** What two lessons teach together. */
export function bothLessons(a: Lesson, b: Lesson): Lesson {
  const profile = bothProfiles(a.profile, b.profile);
  return {
    decisionsMax: Math.max(a.decisionsMax, b.decisionsMax),
    drawsMax: Math.max(a.drawsMax, b.drawsMax),
    ...(profile === undefined ? {} : { profile }),
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

  /** @param profile what the threads of one execution did, if that was counted */
  lesson(profile?: Profile): Lesson {
    const counted = profile === undefined ? {} : { profile };
    return { decisionsMax: this.#decisionsMax, drawsMax: this.#drawsMax, ...counted };
  }
}
