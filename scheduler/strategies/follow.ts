// Follows a given schedule. Leniently, for shrinking: a choice that is not possible is skipped. Strictly, for
// replay: the first such choice is an error, because then the model is not the one that was recorded.
import type { Choice, Schedule } from '../schedule.js';
import type { Strategy, View } from '../strategy.js';

/** A recorded choice is not possible in this execution. */
export class ScheduleMismatch extends Error {
  override readonly name = 'ScheduleMismatch';
  readonly choice: Choice;
  /** Which choice of the schedule it is, counted from 0. */
  readonly index: number;

  constructor(choice: Choice, index: number) {
    super(
      `choice ${String(index + 1)} of the schedule, at question ${String(choice.at)}, is not possible any more`,
    );
    this.choice = choice;
    this.index = index;
  }
}

export class Follow implements Strategy {
  readonly name = 'follow';
  #schedule: Schedule;
  readonly #strict: boolean;
  #view: View | undefined = undefined;
  #asked: () => number;
  #next = 0;

  /**
   * @param asked how many questions were asked before the present one; the execution knows
   * @param strict throw ScheduleMismatch where a choice is not possible
   */
  constructor(schedule: Schedule, asked: () => number, strict: boolean) {
    this.#schedule = schedule;
    this.#asked = asked;
    this.#strict = strict;
  }

  /** From the next execution on. */
  follow(schedule: Schedule): void {
    this.#schedule = schedule;
  }

  /** How many choices of the schedule were made or passed. */
  get followed(): number {
    return this.#next;
  }

  beginBlock(): void {
    // A schedule knows no blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.#next = 0;
  }

  choose(current: number): number {
    const runnable = (this.#view as View).runnable;
    const choice = this.#due();
    if (choice === undefined) return runnable.preferred(current);
    if (runnable.has(choice.pick)) return choice.pick;
    if (this.#strict) throw new ScheduleMismatch(choice, this.#next - 1);
    return runnable.preferred(current);
  }

  draw(ways: number): number {
    const choice = this.#due();
    if (choice === undefined) return 0;
    if (choice.pick < ways) return choice.pick;
    if (this.#strict) throw new ScheduleMismatch(choice, this.#next - 1);
    return 0;
  }

  learn(): void {
    // There is nothing to learn.
  }

  /** The choice for the present question, if there is one; choices that were not asked for are passed. */
  #due(): Choice | undefined {
    const asked = this.#asked();
    for (;;) {
      const choice = this.#schedule[this.#next];
      if (choice === undefined || choice.at > asked) return undefined;
      this.#next++;
      if (choice.at === asked) return choice;
      if (this.#strict) throw new ScheduleMismatch(choice, this.#next - 1);
    }
  }
}
