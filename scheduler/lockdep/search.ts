// Looks for a schedule that closes a cycle of lock dependencies: by executions that are driven towards it, then by
// running every schedule. Only that can refute a cycle.
import { limits } from '../../src/limits.js';
import { isFailure } from '../../src/machine/index.js';
import { enumerate } from '../enumerate.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import { CloseIn } from './close-in.js';
import type { Cycle } from './cycles.js';
import { deadlockedClasses } from './graph.js';

/** Whether a deadlock is this cycle's: nothing is waited for that is not in it. */
export function closes(deadlocked: readonly string[], cycle: Cycle): boolean {
  const classes = new Set(cycle.map(({ from }) => from));
  return deadlocked.length > 0 && deadlocked.every((name) => classes.has(name));
}

/** A deadlock of the cycle, if one of the executions that are driven towards it ends so. */
export function driveInto(
  program: Program,
  cycle: Cycle,
  seed: string,
  options: RunOptions,
): Finding | undefined {
  const machine = program.build('search');
  const strategy = new CloseIn(machine, cycle, seed);
  const execution = new Execution(machine, strategy, { ...options, all: false });
  for (let run = 0; run < limits.lockSearchRuns && options.interrupted?.() !== true; run++) {
    if (run % limits.blockRuns === 0) strategy.beginBlock(run / limits.blockRuns);
    execution.run();
    if (closes(deadlockedClasses(machine), cycle)) return findingOf(execution);
  }
  return undefined;
}

/** What running every schedule, as far as that is possible, has come to. */
export interface Exhaustion {
  readonly runs: number;
  /** Every schedule was run to its end, and none failed. */
  readonly clear: boolean;
  /** For each cycle, a deadlock that closes it. */
  readonly findings: ReadonlyMap<Cycle, Finding>;
}

export function tryEverything(
  program: Program,
  cycles: readonly Cycle[],
  options: RunOptions,
): Exhaustion {
  const findings = new Map<Cycle, Finding>();
  let failed = false;
  const { runs, exhausted, limited } = enumerate(program, {
    ...options,
    all: false,
    runsMax: limits.lockProofRuns,
    interrupted: () => findings.size === cycles.length || options.interrupted?.() === true,
    onRun: (execution) => {
      const { verdict } = execution.machine;
      if (!isFailure(verdict)) return;
      failed = true;
      const deadlocked = deadlockedClasses(execution.machine);
      for (const cycle of cycles) {
        if (!findings.has(cycle) && closes(deadlocked, cycle)) {
          findings.set(cycle, findingOf(execution));
        }
      }
    },
  });
  return { runs, clear: exhausted && limited === 0 && !failed, findings };
}
