// The way from the initial state to where a search stands: one entry for each question that the machine asked, whom to
// let go on or what to draw, with what was answered and what is left to try. It grows and shrinks without allocating.
import { weightDone } from '../estimates/tree-progress.js';
import type { Choice, Schedule } from '../schedule.js';

/** A way, and what is left to try along it: plain data. Lists by the number of the question, as in Trail. */
export interface TrailPart {
  readonly pick: readonly number[];
  readonly usual: readonly number[];
  readonly options: readonly (readonly number[])[];
  readonly taken: readonly number[];
  readonly isDraw: readonly boolean[];
  readonly current: readonly number[];
  readonly preemptions: readonly number[];
  readonly steps: readonly number[];
}

export class Trail {
  /** How many questions are answered. */
  length = 0;
  /** What was answered. */
  readonly pick: number[] = [];
  /** What a schedule would leave out. */
  readonly usual: number[] = [];
  /** What can be answered, the usual first. */
  readonly options: number[][] = [];
  /** Which of these was answered. */
  readonly taken: number[] = [];
  /** A value was drawn, no thread chosen. */
  readonly isDraw: boolean[] = [];
  /** The thread that ran before. */
  readonly current: number[] = [];
  /** Preemptions before this. */
  readonly preemptions: number[] = [];
  /** Steps before this. */
  readonly steps: number[] = [];

  /** A place for the answers to the next question, empty. */
  room(): number[] {
    const { length, options } = this;
    let room = options[length];
    if (room === undefined) options.push((room = []));
    room.length = 0;
    return room;
  }

  /** The next question, answered in the usual way; its answers are in room(). */
  open(isDraw: boolean, current: number, preemptions: number, steps: number): number {
    const at = this.length++;
    const first = (this.options[at] as number[])[0] as number;
    this.pick[at] = this.usual[at] = first;
    this.taken[at] = 0;
    this.isDraw[at] = isDraw;
    this.current[at] = current;
    this.preemptions[at] = preemptions;
    this.steps[at] = steps;
    return first;
  }

  /** Forgets the end of the way up to the last question with an answer that was not tried, and gives it; false if none. */
  next(): boolean {
    while (this.length > 0) {
      const at = this.length - 1;
      const options = this.options[at] as number[];
      const taken = (this.taken[at] as number) + 1;
      if (taken < options.length) {
        this.taken[at] = taken;
        this.pick[at] = options[taken] as number;
        return true;
      }
      this.length = at;
    }
    return false;
  }

  /** Estimate of the part of the search that is done: see weightDone(). */
  done(): number {
    const { taken, options, length } = this;
    const places = taken.slice(0, length).map((finished, at) => {
      return { finished, ways: (options[at] as number[]).length };
    });
    return weightDone(places);
  }

  /** The whole way, and all that is left to try. */
  get whole(): TrailPart {
    return this.#copy(this.length, (at) => [...(this.options[at] as number[])]);
  }

  /** Takes over what somebody else has left to try, in place of what was here. */
  take(part: TrailPart): void {
    const { length } = part.pick;
    this.length = length;
    for (let at = 0; at < length; at++) {
      this.pick[at] = part.pick[at] as number;
      this.usual[at] = part.usual[at] as number;
      this.options[at] = [...(part.options[at] as readonly number[])];
      this.taken[at] = part.taken[at] as number;
      this.isDraw[at] = part.isDraw[at] as boolean;
      this.current[at] = part.current[at] as number;
      this.preemptions[at] = part.preemptions[at] as number;
      this.steps[at] = part.steps[at] as number;
    }
  }

  /** Gives away what is left to try at the earliest question that has something; undefined if nothing has. */
  give(): TrailPart | undefined {
    for (let at = 0; at < this.length; at++) {
      const options = this.options[at] as number[];
      const next = (this.taken[at] as number) + 1;
      if (next === options.length) continue;
      const left = options.splice(next);
      const part = this.#copy(at + 1, (n) => (n === at ? left : [this.pick[n] as number]));
      const pick = [...part.pick.slice(0, at), left[0] as number];
      return { ...part, pick, taken: pick.map(() => 0) };
    }
    return undefined;
  }

  #copy(length: number, options: (at: number) => number[]): TrailPart {
    return {
      pick: this.pick.slice(0, length),
      usual: this.usual.slice(0, length),
      options: Array.from({ length }, (_, at) => options(at)),
      taken: this.taken.slice(0, length),
      isDraw: this.isDraw.slice(0, length),
      current: this.current.slice(0, length),
      preemptions: this.preemptions.slice(0, length),
      steps: this.steps.slice(0, length),
    };
  }

  schedule(): Schedule {
    const choices: Choice[] = [];
    for (let at = 0; at < this.length; at++) {
      const pick = this.pick[at] as number;
      if (pick !== this.usual[at]) choices.push({ at, pick });
    }
    return choices;
  }
}
