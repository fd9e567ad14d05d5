// Finds a recorded failure again on an edited model by the labels of its course. First every place is looked for in its
// narrowest form, and where it is not come to, in a wider one; then the ways to find a place are mixed, because a step
// that was added or moved may make the narrowest form another place.
import { limits } from '../../src/limits.js';
import type { Course } from '../../src/trace/course.js';
import { anchors, type Missed } from './follow-course.js';
import type { Attempt, LabelRuns } from './label-runs.js';

export interface ByLabels {
  /** It fails as it was recorded. */
  readonly found: Attempt | undefined;
  /** What the narrowest places come to: where the prefix that still applies ends. */
  readonly nearest: Attempt;
}

/** Follows the course in every way that the budget of executions allows, until one fails as wanted. */
export function byLabels(
  runs: LabelRuns,
  course: Course,
  isWanted: (attempt: Attempt) => boolean,
): ByLabels {
  const tries = new Tries(runs, course, isWanted);
  const first = tries.settle(0);
  for (let base = 1; base < anchors.length && tries.goesOn; base++) tries.settle(base);
  tries.vary(first.ways);
  return { found: tries.found, nearest: first.attempt };
}

interface Settled {
  readonly ways: readonly number[];
  readonly attempt: Attempt;
}

class Tries {
  found: Attempt | undefined = undefined;
  readonly #runs: LabelRuns;
  readonly #course: Course;
  readonly #isWanted: (attempt: Attempt) => boolean;
  readonly #runsMax: number;
  readonly #stepsMax: number;
  /** Ways that were tried. */
  readonly #seen = new Set<string>();

  constructor(runs: LabelRuns, course: Course, isWanted: (attempt: Attempt) => boolean) {
    this.#runs = runs;
    this.#course = course;
    this.#isWanted = isWanted;
    this.#runsMax = runs.runs + limits.labelRuns;
    this.#stepsMax = runs.steps + limits.labelSteps;
  }

  get goesOn(): boolean {
    const { runs, steps } = this.#runs;
    const isWithin = runs < this.#runsMax && steps < this.#stepsMax;
    return this.found === undefined && isWithin && !this.#runs.interrupted();
  }

  /** Looks for each place in this form; where it is not come to, in the next ones. */
  settle(base: number): Settled {
    const ways = this.#course.turns.map(() => base);
    /** By turn, how many forms were tried in vain. */
    const failed = new Map<number, number>();
    for (;;) {
      const attempt = this.#run(ways);
      const turn = attempt.missed.find((miss) => this.#hasMore(miss, failed))?.turn;
      if (turn === undefined || !this.goesOn) return { ways, attempt };
      const tried = (failed.get(turn) ?? 0) + 1;
      failed.set(turn, tried);
      // After the last form the first one again: then it is known that none helps.
      ways[turn] = (base + tried) % anchors.length;
    }
  }

  #hasMore({ turn, atStart }: Missed, failed: ReadonlyMap<number, number>): boolean {
    if (atStart || this.#course.turns[turn]?.before === undefined) return false;
    return (failed.get(turn) ?? 0) < anchors.length;
  }

  /** Takes another form of one place, then of two. */
  vary(ways: readonly number[]): void {
    const changes = this.#course.turns.flatMap((turn, at) =>
      turn.before === undefined ? [] : anchors.map((_, way) => ({ at, way })),
    );
    for (const change of changes) {
      if (!this.goesOn) return;
      this.#try(ways, [change]);
    }
    for (const [n, change] of changes.entries()) {
      for (const other of changes.slice(n + 1)) {
        if (!this.goesOn) return;
        if (other.at !== change.at) this.#try(ways, [change, other]);
      }
    }
  }

  #try(ways: readonly number[], changes: readonly { at: number; way: number }[]): void {
    const others = [...ways];
    for (const { at, way } of changes) others[at] = way;
    if (!this.#seen.has(others.join())) this.#run(others);
  }

  #run(ways: readonly number[]): Attempt {
    this.#seen.add(ways.join());
    const attempt = this.#runs.follow(this.#course, ways);
    if (this.found === undefined && this.#isWanted(attempt)) this.found = attempt;
    return attempt;
  }
}
