// A proof by traces: one schedule of each, by optimal reduction. It knows no preemption bounds, so of a failure it says
// nothing about how few preemptions suffice, unless it needs none.
import { limits } from '../../src/limits.js';
import { UsageError } from '../../src/machine/index.js';
import { dpor } from '../dpor/dpor.js';
import type { LockGraph } from '../lockdep/graph.js';
import type { Program } from '../program.js';
import type { ProveOptions, Searched } from '../prove.js';

/** After a first failure, how many more traces are run to look for a simpler one. */
const polishRuns = 1_000;

/**
 * Runs one schedule of each trace.
 * @throws DporRefusal for what cannot be reduced soundly, UsageError for a bound on preemptions
 */
export function proveByTraces(program: Program, options: ProveOptions, graph: LockGraph): Searched {
  if (options.preemptionsMax !== undefined) {
    throw new UsageError('--engine dpor knows no bound on preemptions: leave out --preemptions');
  }
  const result = dpor(program, {
    ...options,
    runsMax: options.runsMax ?? limits.enumerateRunsDefault,
    runsAfterFinding: options.all === true ? undefined : polishRuns,
    onFinding: (finding) => options.onFinding?.(finding, 1),
    onTrace: (execution) => {
      graph.collect(execution);
      options.onRun?.(execution);
    },
    onProgress: (runs, remaining) => {
      options.onProgress?.({ runs, preemptions: Number.POSITIVE_INFINITY, remaining });
    },
  });
  const { traces, wasted, finding, exhausted, limited, failures, steps } = result;
  const proved = exhausted && finding === undefined && limited === 0;
  return {
    outcome: finding !== undefined ? 'broken' : proved ? 'proved' : 'limit',
    engine: 'dpor',
    finding,
    minimal: finding?.preemptions === 0,
    runs: traces + wasted,
    schedules: undefined,
    states: undefined,
    transitions: undefined,
    bytes: undefined,
    traces,
    wasted,
    failures,
    steps,
    exhaustedTo: proved ? Number.POSITIVE_INFINITY : -1,
    exhausted,
    complete: exhausted && limited === 0,
    limited,
    interrupted: options.interrupted?.() === true,
  };
}
