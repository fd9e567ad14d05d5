// An execution in trace gear, whose steps can be named.
import { type StepEntry, stepsOf, type Trace } from '../../src/trace/trace.js';
import type { Program, RunOptions } from '../program.js';
import { replay } from '../replay.js';
import type { Schedule } from '../schedule.js';
import { type Course, questionsOf } from './course.js';
import type { StepRef } from '../../src/trace/explanation.js';

/** What a thread does from the taking of a lock until it is given back. */
export interface Section {
  /** Its name; undefined where the first step takes none. */
  readonly lock: string | undefined;
  /** What the steps act on, and what they change, by name, with the labels. Lists count as one thing. */
  readonly touched: ReadonlyMap<string, string>;
  readonly changed: ReadonlyMap<string, string>;
}

export class Shown {
  readonly course: Course;
  readonly #trace: Trace;
  readonly #byQuestion = new Map<number, StepEntry>();
  readonly #questions: readonly number[];

  /** @param course the one that the schedule takes */
  constructor(program: Program, schedule: Schedule, course: Course, options: RunOptions) {
    this.course = course;
    this.#trace = replay(program, schedule, { ...options, all: false }).trace;
    for (const step of stepsOf(this.#trace)) this.#byQuestion.set(step.at, step);
    this.#questions = questionsOf(course);
  }

  /** The step at a place of the course; undefined where the trace has none, as past its end. */
  entry(place: number): StepEntry | undefined {
    return this.#byQuestion.get(this.#questions[place] ?? -1);
  }

  ref(place: number): StepRef | undefined {
    const entry = this.entry(place);
    if (entry === undefined) return undefined;
    const { n, thread, frames, text } = entry;
    const name = this.#trace.threads[thread]?.name ?? '';
    return { step: n, thread: name, function: frames.at(-1), text };
  }

  /** Where the thread takes its n-th step, counted from 0; -1 for nowhere. */
  placeOf(thread: string, n: number): number {
    let seen = 0;
    return this.course.findIndex(({ name }) => name === thread && seen++ === n);
  }

  /** The section that the step at that place begins. */
  section(place: number): Section {
    const first = this.entry(place);
    const touched = new Map<string, string>();
    const changed = new Map<string, string>();
    const lock = first?.locking === true ? first.subject : undefined;
    if (first === undefined || lock === undefined) return { lock, touched, changed };
    const labels = new Map(this.#trace.cells.map(({ name, label }) => [name, label]));
    let isTaken = false;
    for (const step of stepsOf(this.#trace)) {
      if (step.thread !== first.thread || step.n < first.n) continue;
      if (isTaken && !step.locks.includes(lock)) break;
      isTaken ||= step.locks.includes(lock);
      if (step.locking) continue;
      touched.set(whole(step.subject), whole(step.label));
      for (const name of step.writes) changed.set(whole(name), whole(labels.get(name) ?? name));
    }
    return { lock, touched, changed };
  }
}

/** The list or node that a pointer is part of. */
function whole(name: string): string {
  return name.replace(/(?:\.|->)(?:next|prev)$/, '');
}
