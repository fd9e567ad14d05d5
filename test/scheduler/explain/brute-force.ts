// Explanations the hard way: from all executions of a small program, as the plain enumerator runs them.
import { enumerate, type Program, type Schedule } from '../../../scheduler/index.js';
import { StepLog } from '../../support/step-tracer.js';

export interface Run {
  /** The threads of its steps, in order. */
  readonly threads: readonly string[];
  readonly schedule: Schedule;
  readonly kind: string;
}

/** Every execution, up to its first failure; undefined for too many. */
export function everyRun(program: Program, runsMax: number): Run[] | undefined {
  const machine = program.build('search');
  const log = new StepLog();
  machine.trace(log);
  const runs: Run[] = [];
  const { exhausted } = enumerate(
    { name: program.name, build: () => machine },
    {
      runsMax,
      onRun: ({ recorder }) => {
        const { kind } = machine.verdict;
        runs.push({ threads: log.names.splice(0), schedule: recorder.copy(), kind });
      },
    },
  );
  return exhausted ? runs : undefined;
}

/** After how many steps of the failing run the last other one that ends well parts from it; -1 for none at all. */
export function criticalStep(failing: Run, runs: readonly Run[]): number {
  let last = -1;
  for (const { threads, kind } of runs) {
    if (kind !== 'ok') continue;
    let same = 0;
    while (same < threads.length && threads[same] === failing.threads[same]) same++;
    last = Math.max(last, same);
  }
  return last;
}
