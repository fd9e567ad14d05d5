// What is true of a program, by running every schedule: the plain enumerator alone says it.
import { enumerate, type Program } from '../../scheduler/index.js';
import { signature } from '../../src/machine/index.js';
import { FootprintForm } from '../support/footprint-form.js';
import { endState } from './stage.js';

export interface Reference {
  /** Schedules, if none ends at its first failure. */
  readonly schedules: number;
  /** Schedules, if each ends at its first failure. */
  readonly schedulesToFailure: number;
  /** Mazurkiewicz traces of these schedules, by the footprints of their steps. */
  readonly traces: number;
  /** Two end states of one trace: footprints do not tell all that a step depends on. */
  readonly contradiction: string | undefined;
  /** Every state in which an execution can end, if failures do not end it. */
  readonly endStates: ReadonlySet<string>;
  /** Every state in which an execution ends, if failures end it. */
  readonly firstEnds: ReadonlySet<string>;
  /** Every verdict that is the first one of some execution, with the fewest preemptions of such an execution. */
  readonly failures: ReadonlyMap<string, number>;
}

/** What a program is allowed to take. */
export interface Effort {
  /** Schedules of one enumeration. */
  readonly runsMax: number;
  /** Steps of one execution. */
  readonly stepsMax: number;
}

export const usualEffort: Effort = { runsMax: 20_000, stepsMax: 300 };

/** Undefined where that takes too many schedules, or an execution does not end. */
export function referenceOf(program: Program, effort: Effort = usualEffort): Reference | undefined {
  const machine = program.build('search');
  const form = new FootprintForm(machine);
  const endStates = new Set<string>();
  const endOf = new Map<string, string>();
  let contradiction: string | undefined;
  const whole = enumerate(
    { ...program, build: () => machine },
    {
      ...effort,
      all: true,
      onRun: () => {
        const trace = form.take();
        const end = endState(machine);
        endStates.add(end);
        const other = endOf.get(trace);
        if (other === undefined) endOf.set(trace, end);
        else if (other !== end) contradiction = `trace:\n${trace}\nends:\n${other}\nand:\n${end}`;
      },
    },
  );
  if (!whole.exhausted || whole.limited > 0) return undefined;
  const firstEnds = new Set<string>();
  const failures = new Map<string, number>();
  const toFailure = enumerate(program, {
    ...effort,
    onRun: ({ machine: ended, preemptions }, { failed }) => {
      firstEnds.add(endState(ended));
      if (!failed) return;
      const name = signature(ended.verdict);
      failures.set(name, Math.min(preemptions, failures.get(name) ?? preemptions));
    },
  });
  if (!toFailure.exhausted) return undefined;
  return {
    schedules: whole.runs,
    schedulesToFailure: toFailure.runs,
    traces: endOf.size,
    contradiction,
    endStates,
    firstEnds,
    failures,
  };
}
