// The way from the initial state to where a search stands: one entry for each question that the machine asked, whom to
// let go on or what to draw, with what was answered and what is left to try. It grows and shrinks without allocating.
import { weightDone } from '../estimates/tree-progress.js';
import type { Choice, Schedule } from '../schedule.js';

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

  schedule(): Schedule {
    const choices: Choice[] = [];
    for (let at = 0; at < this.length; at++) {
      const pick = this.pick[at] as number;
      if (pick !== this.usual[at]) choices.push({ at, pick });
    }
    return choices;
  }
}
