// The critical step: the last one before which the execution could still have ended well, as the critical transition
// of SimGrid's model checker. Once every way to go on fails, every later one does too, so a binary search finds it.
import type { Continuations } from './continuations.js';
import type { Course, Move } from './course.js';

export type Critical =
  /** Until that step of the course, counted from 0, some way to go on ends well; after it none does. */
  | {
      readonly kind: 'step';
      readonly step: number;
      /** An execution that begins the same, up to before that step, and ends well. */
      readonly good: readonly Move[];
      /** Not the step is critical, but what failed in it: with the same step, and no failure, it could end well. */
      readonly isFault: boolean;
    }
  /** It is one of these steps, both included; the searches that would say which were cut off. */
  | { readonly kind: 'between'; readonly first: number; readonly last: number }
  /** Every execution fails. */
  | { readonly kind: 'always' }
  /** It could not be found out whether any execution ends well. */
  | { readonly kind: 'undecided'; readonly last: number };

/** @param course a whole execution that fails */
export function findCritical(course: Course, continuations: Continuations): Critical {
  const search = new Search(course, continuations);
  const start = search.after(0);
  if (start.kind === 'none') return { kind: 'always' };
  const [good, bad] = search.narrow(start.kind === 'good' ? 0 : -1, course.length);
  if (good < 0) return { kind: 'undecided', last: bad - 1 };
  if (good + 1 < bad) return { kind: 'between', first: good, last: bad - 1 };
  const found = search.after(good);
  if (found.kind !== 'good') return { kind: 'between', first: good, last: bad - 1 };
  return { kind: 'step', step: good, good: found.course, isFault: search.isFault(good) };
}

class Search {
  readonly #course: Course;
  readonly #continuations: Continuations;
  readonly #known = new Map<number, ReturnType<Continuations['after']>>();

  constructor(course: Course, continuations: Continuations) {
    this.#course = course;
    this.#continuations = continuations;
  }

  /** How the execution can go on after so many steps. */
  after(steps: number): ReturnType<Continuations['after']> {
    let answer = this.#known.get(steps);
    if (answer === undefined) {
      answer = this.#continuations.after(this.#course.slice(0, steps));
      this.#known.set(steps, answer);
    }
    return answer;
  }

  /**
   * Moves both ends towards each other as far as there are answers.
   * @returns the most steps after which it can end well, -1 for unknown, and the fewest after which it cannot
   */
  narrow(good: number, bad: number): readonly [number, number] {
    let [low, high] = [good, bad];
    // Where a middle has no answer, the two ends are looked for on their own sides of it.
    let [lowEnd, highEnd] = [bad, good];
    for (;;) {
      const isLow = lowEnd - low > 1;
      const isHigh = high - highEnd > 1;
      if (!isLow && !isHigh) return [low, high];
      const middle = isLow ? (low + lowEnd) >>> 1 : (highEnd + high) >>> 1;
      const { kind } = this.after(middle);
      if (kind === 'good') low = middle;
      else if (kind === 'none') high = middle;
      else if (isLow) lowEnd = middle;
      else highEnd = middle;
      lowEnd = Math.min(lowEnd, high);
      highEnd = Math.max(highEnd, low);
    }
  }

  /** Whether the execution could still end well after this step if nothing had failed in it. */
  isFault(step: number): boolean {
    const move = this.#course[step];
    if (move?.draws.some((pick) => pick !== 0) !== true) return false;
    const unharmed = [...this.#course.slice(0, step), { ...move, draws: [] }];
    return this.#continuations.after(unharmed).kind === 'good';
  }
}
