// Runs the schedules of a cycle's dependencies again in trace gear, to say in which functions the locks were taken.
import type { Sighting } from '../../src/machine/index.js';
import type { LockDependency, LockUseSeen } from '../../src/trace/lock-report.js';
import { type StepEntry, stepsOf } from '../../src/trace/trace.js';
import type { Program, RunOptions } from '../program.js';
import { replay } from '../replay.js';
import type { Cycle } from './cycles.js';
import type { Seen } from './graph.js';

export function locate(program: Program, cycle: Cycle, options: RunOptions): LockDependency[] {
  return cycle.map(({ from, to, via, held, taken, seen }) => ({
    from,
    to,
    via,
    held,
    taken,
    seen: seen.map((one) => locateOne(program, one, options)),
  }));
}

function locateOne(
  program: Program,
  { sighting, schedule }: Seen,
  options: RunOptions,
): LockUseSeen {
  const { trace, choices } = replay(program, schedule, { ...options, all: options.all });
  const thread = trace.threads.findIndex(({ name }) => name === sighting.thread);
  const steps = stepsOf(trace).filter((step) => step.thread === thread);
  const { heldLock, takenLock } = locksOf(sighting);
  const isEvent = sighting.kind === 'order' && sighting.toEvent;
  const at = steps.find(
    (step, i) =>
      step.subject === takenLock &&
      (isEvent || step.locks.includes(step.subject)) &&
      (heldLock === undefined || steps[i - 1]?.locks.includes(heldLock) === true),
  );
  const before = steps.filter((step) => at === undefined || step.n < at.n);
  return {
    thread: sighting.thread,
    heldLock,
    heldIn: heldLock === undefined ? undefined : functionTaking(before, heldLock),
    takenLock,
    takenIn: at?.frames.at(-1),
    step: at && at.n + 1,
    choices: at === undefined ? choices : choices.filter((choice) => choice.at <= at.at),
  };
}

function locksOf(sighting: Sighting): Pick<LockUseSeen, 'heldLock' | 'takenLock'> {
  if (sighting.kind === 'use') return { heldLock: undefined, takenLock: sighting.lock };
  const { fromEvent, heldLock, takenLock } = sighting;
  return { heldLock: fromEvent ? undefined : heldLock, takenLock };
}

function functionTaking(steps: readonly StepEntry[], lock: string): string | undefined {
  return steps
    .findLast(({ subject, locks }) => subject === lock && locks.includes(lock))
    ?.frames.at(-1);
}
