// Runs one schedule in trace gear: every value, lock and call is recorded, every choice gets a label that people
// understand, the course is told by places that outlive edits, and digests of the state make a later drift show where
// it begins.
import type { Course } from '../src/trace/course.js';
import type { StateDigest } from '../src/trace/digest.js';
import { TraceRecorder } from '../src/trace/recorder.js';
import type { Trace } from '../src/trace/trace.js';
import { limits } from '../src/limits.js';
import { CourseRecorder, type LabelledChoice } from './course/recorder.js';
import { Execution } from './execution.js';
import { type Finding, findingOf } from './finding.js';
import type { Program, RunOptions } from './program.js';
import type { Schedule } from './schedule.js';
import { Follow, ScheduleMismatch } from './strategies/follow.js';

export interface Replay {
  readonly trace: Trace;
  readonly finding: Finding;
  readonly choices: readonly LabelledChoice[];
  /** Who ran until where; undefined where that would be too long to be told. */
  readonly course: Course | undefined;
  readonly digests: readonly StateDigest[];
  /** The first choice that was not possible; the trace ends there. */
  readonly mismatch: ScheduleMismatch | undefined;
}

export interface ReplayOptions extends RunOptions {
  /** For the trace: what the rung is called. */
  readonly rung?: string | undefined;
}

/** Runs the schedule strictly, choice by choice. */
export function replay(program: Program, schedule: Schedule, options: ReplayOptions = {}): Replay {
  const machine = program.build('trace');
  const follow = new Follow(schedule, () => execution.asked, true);
  const execution: Execution = new Execution(machine, follow, options);
  const recorder = new TraceRecorder(machine, () => execution.asked);
  const course = new CourseRecorder(machine, schedule, () => execution);
  machine.observe(course);
  machine.trace(recorder);
  recorder.start(firstShown(program, schedule, options));
  const mismatch = runToMismatch(execution) ?? unusedChoice(schedule, follow);
  const trace = recorder.finish({
    scenario: program.name,
    rung: options.rung,
    switches: execution.switches,
    preemptions: execution.preemptions,
  });
  return {
    trace,
    finding: findingOf(execution),
    choices: course.choices,
    course: course.course,
    digests: recorder.digests(),
    mismatch,
  };
}

/** The first step that gets an entry: how long the execution is, a run in search gear tells. */
function firstShown(program: Program, schedule: Schedule, options: ReplayOptions): number {
  if ((options.stepsMax ?? limits.stepsMax) <= limits.traceSteps) return 0;
  const follow = new Follow(schedule, () => execution.asked, true);
  const execution: Execution = new Execution(program.build('search'), follow, options);
  runToMismatch(execution);
  const { steps } = execution;
  return steps <= limits.traceSteps ? 0 : steps - limits.traceLastSteps;
}

function runToMismatch(execution: Execution): ScheduleMismatch | undefined {
  try {
    execution.run();
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleMismatch) return error;
    throw error;
  }
}

/** The execution was over before the schedule was. */
function unusedChoice(schedule: Schedule, follow: Follow): ScheduleMismatch | undefined {
  const choice = schedule[follow.followed];
  return choice === undefined ? undefined : new ScheduleMismatch(choice, follow.followed);
}
