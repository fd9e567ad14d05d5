// Executions that follow a course by its labels, on one machine in trace gear: functions are part of the labels.
import { isFailure, type Tracer } from '../../src/machine/index.js';
import type { Course, CourseThread } from '../../src/trace/course.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import { Follow } from '../strategies/follow.js';
import { GoOn } from '../strategies/go-on.js';
import { FollowCourse, type Missed } from './follow-course.js';
import { Places } from './places.js';
import { Survey } from './renames.js';

/** What became of one execution. */
export interface Attempt {
  readonly finding: Finding;
  readonly failed: boolean;
  /** What did not fit, in the order of the turns. */
  readonly missed: readonly Missed[];
  /** Questions asked when each turn began, as far as they did. */
  readonly begun: readonly number[];
}

/** Calls become frames only where somebody listens to them. */
const listener: Tracer = {
  step: () => undefined,
  enter: () => undefined,
  leave: () => undefined,
  note: () => undefined,
  emitted: () => undefined,
  verdict: () => undefined,
};

export class LabelRuns {
  /** Executions so far, and their steps. */
  runs = 0;
  steps = 0;
  readonly #execution: Execution;
  readonly #strategy: FollowCourse;
  readonly #survey: Survey;
  /** The user wants an end. */
  readonly interrupted: () => boolean;
  #isSurveying = false;

  constructor(program: Program, options: RunOptions) {
    this.interrupted = () => options.interrupted?.() === true;
    const machine = program.build('trace');
    const places = new Places();
    this.#survey = new Survey(machine, places);
    machine.observe(places);
    machine.observe({
      begin: () => {
        if (this.#isSurveying) this.#survey.begin();
      },
      step: (op) => {
        if (this.#isSurveying) this.#survey.step(op);
      },
    });
    machine.trace(listener);
    this.#strategy = new FollowCourse(machine, places, () => this.#execution.asked);
    this.#execution = new Execution(machine, this.#strategy, options);
  }

  /** What the threads of the model do: by default, and where the schedule leads as far as it is possible. */
  survey(schedule: Schedule): readonly CourseThread[] {
    this.#isSurveying = true;
    this.#run(new GoOn());
    this.lenient(schedule);
    this.#isSurveying = false;
    return this.#survey.threads;
  }

  /** Choices at their questions, as far as they are possible. */
  lenient(schedule: Schedule): Attempt {
    this.#run(new Follow(schedule, () => this.#execution.asked, false));
    return this.#attempt([], []);
  }

  /** @param anchors how the end of each turn is found */
  follow(course: Course, anchors: readonly number[]): Attempt {
    this.#strategy.follow(course);
    this.#strategy.use(anchors);
    this.#run(this.#strategy);
    this.#strategy.finish();
    return this.#attempt(this.#strategy.missed, this.#strategy.begun);
  }

  #run(strategy: GoOn | Follow | FollowCourse): void {
    this.#execution.use(strategy);
    this.#execution.run();
    this.runs++;
    this.steps += this.#execution.steps;
  }

  #attempt(missed: readonly Missed[], begun: readonly number[]): Attempt {
    const finding = findingOf(this.#execution);
    return { finding, failed: isFailure(finding.verdict), missed, begun };
  }
}
