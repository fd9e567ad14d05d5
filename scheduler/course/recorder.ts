// Listens to an execution that follows a schedule: names each choice by what it let happen, and tells the course.
// What it costs grows with the steps, not with steps times choices; beyond a bound of turns it tells no course, for
// nobody edits a model and still expects a hundred thousand places to be the same.
import { limits } from '../../src/limits.js';
import type { Machine, Operation } from '../../src/machine/index.js';
import type { StepObserver } from '../../src/machine/tracer.js';
import type { Course, CourseThread, Draw, Turn } from '../../src/trace/course.js';
import type { Choice, Schedule } from '../schedule.js';
import { isHalt, Places, type Spot } from './places.js';

/** What the recorder asks the execution for. */
export interface Asked {
  /** Questions so far, data choices included. */
  readonly asked: number;
  /** Fair scheduling has begun, in which nothing is chosen. */
  readonly isFair: boolean;
}

export interface LabelledChoice extends Choice {
  /** What the choice lets happen: `fork cgroup_post_fork down_write(css_set_rwsem)#2`, the second visit of that. */
  readonly label: string;
}

const NOBODY = -1;

export class CourseRecorder implements StepObserver {
  readonly #machine: Machine;
  readonly #schedule: Schedule;
  readonly #execution: () => Asked;
  readonly #places = new Places();
  readonly #labels: string[] = [];
  /** How often what stands in a label has happened: every event counts. */
  readonly #visits = new Map<string, number>();
  readonly #uses = new Map<number, Set<Spot>>();
  readonly #turns: Turn[] = [];
  readonly #draws: Draw[] = [];
  #askedBefore = 0;
  #running = NOBODY;
  /** The course got too long to be told. */
  #isTooLong = false;

  constructor(machine: Machine, schedule: Schedule, execution: () => Asked) {
    this.#machine = machine;
    this.#schedule = schedule;
    this.#execution = execution;
    this.#isTooLong = schedule.length > limits.courseTurns;
  }

  begin(): void {
    this.#places.begin();
  }

  step(op: Operation, result: unknown): void {
    if (isHalt(op)) return;
    const { asked, isFair } = this.#execution();
    if (!this.#isTooLong) {
      if (op.thread !== this.#running && !isFair) this.#turn(op.thread);
      this.#use(op);
    }
    this.#label(op, result, asked);
    if (!this.#isTooLong) this.#places.step(op);
    this.#askedBefore = asked;
  }

  /** The schedule with its labels, as far as it was followed. Of a very long one only the beginning has labels. */
  get choices(): LabelledChoice[] {
    return this.#schedule.map(({ at, pick }, i) => {
      const other = i < limits.courseTurns ? `thread ${String(pick)}` : '';
      return { at, pick, label: this.#labels[i] ?? other };
    });
  }

  /** After the execution; undefined if it has more turns than are told. */
  get course(): Course | undefined {
    if (this.#isTooLong) return undefined;
    const threads: CourseThread[] = [...this.#uses].map(([thread, uses]) => ({
      name: this.#machine.threadName(thread),
      uses: [...new Set([...uses].map(({ does, to }) => `${does} ${to}`))],
    }));
    const last = this.#running === NOBODY ? [] : [{ thread: this.#name(this.#running), steps: 0 }];
    const turns = last.map((turn) => ({ ...turn, steps: this.#places.stepsOf(this.#running) }));
    return { threads, turns: [...this.#turns, ...turns], draws: this.#draws };
  }

  #name(thread: number): string {
    return this.#machine.threadName(thread);
  }

  /** Somebody else goes on. */
  #turn(next: number): void {
    const gaveWay = this.#running;
    this.#running = next;
    if (gaveWay === NOBODY) return;
    if (this.#turns.length === limits.courseTurns) {
      this.#isTooLong = true;
      this.#turns.length = this.#draws.length = 0;
      return;
    }
    const before = this.#places.next(this.#machine.thread(gaveWay));
    const after = this.#places.last(gaveWay);
    this.#turns.push({
      thread: this.#name(gaveWay),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      steps: this.#places.stepsOf(gaveWay),
    });
  }

  #use(op: Operation): void {
    let uses = this.#uses.get(op.thread);
    if (uses === undefined) this.#uses.set(op.thread, (uses = new Set()));
    if (uses.size < limits.courseUses) uses.add(this.#places.spot(op));
  }

  /** The choices that the questions of this step have answered. */
  #label(op: Operation, result: unknown, asked: number): void {
    const schedule = this.#schedule;
    const labels = this.#labels;
    if (labels.length >= Math.min(schedule.length, limits.courseTurns)) return;
    const acting = op.primitive.name === 'kmalloc' ? result : (op.subject ?? result);
    const what = this.#visit(op.thread, this.#places.spot(op, acting));
    while (labels.length < schedule.length && labels.length < limits.courseTurns) {
      const { at, pick } = schedule[labels.length] as Choice;
      if (at >= asked) return;
      if (at <= this.#askedBefore) {
        labels.push(what);
        continue;
      }
      labels.push(
        `${op.primitive.name === 'kmalloc' ? 'allocation failure' : 'failure'} in ${what}`,
      );
      this.#drew(op, at - this.#askedBefore - 1, pick);
    }
  }

  #visit(thread: number, { keys: [words] }: Spot): string {
    const what = `${this.#name(thread)}${words.startsWith(' ') ? '' : ' '}${words}`;
    const visit = (this.#visits.get(what) ?? 0) + 1;
    this.#visits.set(what, visit);
    return `${what}#${String(visit)}`;
  }

  /** Before the step counts as done: it is what the thread is about to do. */
  #drew(op: Operation, nth: number, pick: number): void {
    const during = this.#places.during(op);
    this.#draws.push({ thread: this.#name(op.thread), during, nth, pick });
  }
}
