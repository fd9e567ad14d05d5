// A schedule is data: what was decided where, sparse, against the default of going on. Position n of a schedule
// is the n-th time that the machine asked: once per step for a thread, once per data choice for a value.

/** One decision that is not the default. */
export interface Choice {
  /** At which question, counted from 0. */
  readonly at: number;
  /** The index of the thread that goes on, or the value drawn. */
  readonly pick: number;
}

export type Schedule = readonly Choice[];

/** Records choices without allocating: pairs in an array that only grows. */
export class ScheduleRecorder {
  readonly #pairs: number[] = [];
  #length = 0;

  restart(): void {
    this.#length = 0;
  }

  add(at: number, pick: number): void {
    this.#pairs[this.#length++] = at;
    this.#pairs[this.#length++] = pick;
  }

  /** How many choices were recorded. */
  get count(): number {
    return this.#length / 2;
  }

  copy(): Choice[] {
    const choices: Choice[] = [];
    for (let i = 0; i < this.#length; i += 2) {
      choices.push({ at: this.#pairs[i] as number, pick: this.#pairs[i + 1] as number });
    }
    return choices;
  }
}
