// Runs one schedule in trace gear: every value, lock and call is recorded, every choice gets a label that people
// understand, and digests of the state make a later drift show where it begins.
import type { Machine } from '../src/machine/index.js';
import type { StateDigest } from '../src/trace/digest.js';
import { TraceRecorder } from '../src/trace/recorder.js';
import { type StepEntry, stepsOf, type Trace } from '../src/trace/trace.js';
import { Execution } from './execution.js';
import { type Finding, findingOf } from './finding.js';
import type { Program, RunOptions } from './program.js';
import type { Choice, Schedule } from './schedule.js';
import { Follow, ScheduleMismatch } from './strategies/follow.js';

export interface LabelledChoice extends Choice {
  /** What the choice lets happen: `fork cgroup_post_fork down_write(css_set_rwsem)#2`, the second visit of that. */
  readonly label: string;
}

export interface Replay {
  readonly trace: Trace;
  readonly finding: Finding;
  readonly choices: readonly LabelledChoice[];
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
  machine.trace(recorder);
  recorder.start();
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
    choices: label(schedule, machine, trace),
    digests: recorder.digests(),
    mismatch,
  };
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

/** Names each choice by what it let happen, so that a reader, and a later version of the model, can find it. */
function label(schedule: Schedule, machine: Machine, trace: Trace): LabelledChoice[] {
  const steps = stepsOf(trace);
  return schedule.map((choice) => {
    const step = steps.findLast((candidate) => candidate.at <= choice.at);
    const what =
      step === undefined
        ? `thread ${String(choice.pick)}`
        : step.at === choice.at
          ? describeStep(step, machine, steps)
          : `${step.operation === 'kmalloc' ? 'allocation failure' : 'failure'} in ${describeStep(step, machine, steps)}`;
    return { ...choice, label: what };
  });
}

function describeStep(step: StepEntry, machine: Machine, steps: readonly StepEntry[]): string {
  const words = wordsOf(step, machine);
  const visit = steps.filter(
    (other) => other.n <= step.n && wordsOf(other, machine) === words,
  ).length;
  return `${words}#${String(visit)}`;
}

function wordsOf(step: StepEntry, machine: Machine): string {
  const frame = step.frames.at(-1);
  const operation = `${step.operation}(${step.subject})`;
  return [machine.threadName(step.thread), ...(frame === undefined ? [] : [frame]), operation].join(
    ' ',
  );
}
