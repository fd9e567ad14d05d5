// Runs programs for tests and says what they came to: along the default schedule, or along all of them.
import { enumerate, Execution, GoOn, type RunOptions } from '../../scheduler/index.js';
import {
  describe,
  type Machine,
  type MachineOptions,
  type Verdict,
} from '../../src/machine/index.js';
import { armed, type Cast } from './program.js';
import { StepLog } from './step-tracer.js';

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

/** Where an execution stands after some steps. */
export interface Standing {
  readonly machine: Machine;
  /** The threads that could go on, by name, sorted. */
  readonly runnable: readonly string[];
  readonly verdict: string;
}

/**
 * Lets threads take single steps in the given order, separated by blanks: `a b a`. It ends after the last one.
 * @throws Error where a thread cannot go on although it should
 */
export function after(setup: Setup, order: string, options: Options = {}): Standing {
  const names = order.split(' ');
  const machine = armed(setup, options);
  const log = new StepLog();
  machine.trace(log);
  const strategy = new Scripted(machine, () => names[log.names.length]);
  new Execution(machine, strategy, { ...options, stepsMax: names.length }).run();
  const verdict = machine.verdict.kind === 'limit' ? fine : describe(machine.verdict);
  if (log.names.join(' ') !== order) throw new Error(`the order was ${log.names.join(' ')}`);
  const runnable = machine.runnable.sorted().map((thread) => machine.threadName(thread));
  return { machine, verdict, runnable: runnable.sort() };
}

class Scripted extends GoOn {
  readonly #machine: Machine;
  readonly #due: () => string | undefined;

  constructor(machine: Machine, due: () => string | undefined) {
    super();
    this.#machine = machine;
    this.#due = due;
  }

  override choose(current: number): number {
    const name = this.#due();
    const found = this.#machine.runnable
      .sorted()
      .find((thread) => this.#machine.threadName(thread) === name);
    return found ?? super.choose(current);
  }
}

/** What `describe` says of an execution in which nothing went wrong. */
export const fine = 'nothing was found';
