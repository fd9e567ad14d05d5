// Runs programs for tests and says what they came to: along the default schedule, or along all of them.
import { enumerate, Execution, GoOn, type RunOptions } from '../../scheduler/index.js';
import {
  describe,
  type Machine,
  type MachineOptions,
  type Verdict,
} from '../../src/machine/index.js';
import { armed, type Cast } from './program.js';

export type Setup = (machine: Machine) => Cast;
export type Options = Partial<MachineOptions> & RunOptions;

/** What came out of a number of schedules, each different outcome once. */
export interface Outcomes {
  /** Verdicts as sentences, sorted. */
  readonly verdicts: readonly string[];
  /** What the program's `look` returned, sorted by how it prints. */
  readonly looks: readonly unknown[];
  readonly schedules: number;
  /** The most steps of one schedule. */
  readonly steps: number;
}

/** Runs every schedule. */
export function everySchedule(setup: Setup, options: Options = {}): Outcomes {
  let look: Cast['look'];
  const machine = armed((m) => {
    const cast = setup(m);
    look = cast.look;
    return cast;
  }, options);
  const verdicts = new Set<string>();
  const looks = new Map<string, unknown>();
  let steps = 0;
  const { runs } = enumerate(
    { name: 'test', build: () => machine },
    {
      ...options,
      onRun: (execution) => {
        steps = Math.max(steps, execution.steps);
        verdicts.add(describe(machine.verdict));
        if (look === undefined) return;
        const seen = look();
        looks.set(JSON.stringify([seen]), seen);
      },
    },
  );
  return {
    verdicts: [...verdicts].sort(),
    looks: [...looks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, seen]) => seen),
    schedules: runs,
    steps,
  };
}

/** The verdict of the schedule in which a thread goes on as long as it can. */
export function goingOn(setup: Setup, options: Options = {}): Verdict {
  return executionOf(setup, options).run();
}

/** An execution of that schedule, which the test runs as often as it likes. */
export function executionOf(setup: Setup, options: Options = {}): Execution {
  return new Execution(armed(setup, options), new GoOn(), options);
}

/** The sentence of that verdict. */
export function sentenceOf(setup: Setup, options: Options = {}): string {
  return describe(goingOn(setup, options));
}

/** What `describe` says of an execution in which nothing went wrong. */
export const fine = 'nothing was found';
