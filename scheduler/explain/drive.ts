// Runs a program along a course, and then as somebody else decides. Every question of explanation is answered by
// such runs: nothing is deduced that was not executed.
import type { Machine, Verdict } from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import type { Strategy, View } from '../strategy.js';
import { type Course, indexOf, type Move } from './course.js';

/** Who decides where the course is over. Either method may throw CUT: the rest of the execution is of no interest. */
export interface Tail {
  choose(current: number, view: View): number;
  draw(ways: number): number;
}

/** Who hears where one step ends and the next one begins. */
export interface StepListener {
  begin(): void;
  /** The step of that thread is over, and what belongs to it has been told. */
  over(thread: number): void;
  /** A data choice inside the step that goes on. */
  drew(pick: number): void;
}

/** Thrown by a tail: enough was seen. */
export const CUT: unknown = Object.freeze({ name: 'CUT' });
/** Thrown where the course asks for a thread that cannot go on. */
const IMPOSSIBLE: unknown = Object.freeze({ name: 'IMPOSSIBLE' });

export interface Drive {
  /** `cut`: the tail has seen enough; `impossible`: a step of the course could not be taken. */
  readonly end: 'over' | 'cut' | 'impossible';
  /** Meaningful where it is over. */
  readonly verdict: Verdict;
  /** How many steps of the course were taken. */
  readonly followed: number;
}

const NOBODY = -1;

/** One machine, and the executions on it. */
export class Driver implements Strategy {
  readonly name = 'drive';
  readonly keepsTime = true;
  readonly machine: Machine;
  readonly execution: Execution;
  /** Executions, and their steps. */
  runs = 0;
  steps = 0;
  #listener: StepListener | undefined = undefined;
  #view: View | undefined = undefined;
  #course: Course = [];
  #tail: Tail = goOn;
  #place = 0;
  #drawn = 0;
  #current = NOBODY;
  /** What was done: by step the thread, and pairs of a step's number and a data choice in it. */
  readonly #threads: number[] = [];
  readonly #draws: number[] = [];

  constructor(program: Program, options: RunOptions) {
    this.machine = program.build('search');
    this.execution = new Execution(this.machine, this, { ...options, all: false });
  }

  listen(listener: StepListener): void {
    this.#listener = listener;
  }

  /** Runs the course and then what the tail decides. */
  drive(course: Course, tail: Tail = goOn): Drive {
    this.#course = course;
    this.#tail = tail;
    this.runs++;
    let end: Drive['end'] = 'over';
    try {
      this.execution.run();
    } catch (error) {
      if (error !== CUT && error !== IMPOSSIBLE) throw error;
      end = error === CUT ? 'cut' : 'impossible';
    } finally {
      this.machine.watchers.pauseTelling();
    }
    this.steps += this.execution.steps;
    return { end, verdict: this.machine.verdict, followed: this.#place };
  }

  /** The course that the last execution took. */
  taken(): Move[] {
    const draws = this.#threads.map((): number[] => []);
    for (let i = 0; i < this.#draws.length; i += 2) {
      draws[this.#draws[i] as number]?.push(this.#draws[i + 1] as number);
    }
    return this.#threads.map((thread, i) => ({
      thread,
      name: this.machine.threadName(thread),
      draws: draws[i] ?? [],
    }));
  }

  /** The same as a schedule. */
  schedule(): Schedule {
    return this.execution.recorder.copy();
  }

  beginBlock(): void {
    // It knows no blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.#place = this.#drawn = 0;
    this.#current = NOBODY;
    this.#threads.length = this.#draws.length = 0;
    this.#listener?.begin();
  }

  choose(current: number): number {
    const { watchers } = this.machine;
    watchers.pauseTelling();
    if (this.#current !== NOBODY) this.#listener?.over(this.#current);
    const pick = this.#pick(current);
    this.#threads.push(pick);
    this.#current = pick;
    this.#drawn = 0;
    if (watchers.accesses !== undefined) watchers.resumeTelling();
    return pick;
  }

  #pick(current: number): number {
    const view = this.#view as View;
    const move = this.#course[this.#place];
    if (move === undefined) {
      // From now on draws are the tail's, too.
      this.#place = this.#course.length + 1;
      return this.#tail.choose(current, view);
    }
    const thread = indexOf(move, this.machine);
    if (!view.runnable.has(thread)) throw IMPOSSIBLE;
    this.#place++;
    return thread;
  }

  draw(ways: number): number {
    const place = this.#place;
    const move = place > this.#course.length ? undefined : this.#course[place - 1];
    let pick: number;
    if (move === undefined) pick = this.#tail.draw(ways);
    else pick = move.draws[this.#drawn++] ?? 0;
    if (pick >= ways) throw IMPOSSIBLE;
    this.#draws.push(this.#threads.length - 1, pick);
    this.#listener?.drew(pick);
    return pick;
  }

  learn(): void {
    // There is nothing to learn.
  }
}

/** The default: whoever runs goes on. */
export const goOn: Tail = {
  choose: (current, view) => view.runnable.preferred(current),
  draw: () => 0,
};
