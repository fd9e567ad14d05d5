// Iterative context bounding over the plain enumerator: every schedule, one by one.
import { limits } from '../../src/limits.js';
import { enumerate, type Enumeration } from '../enumerate.js';
import type { Finding } from '../finding.js';
import type { LockGraph } from '../lockdep/graph.js';
import type { Program } from '../program.js';
import type { ProveOptions, Searched } from '../prove.js';

/** After a first failure, how many more executions of the same level are looked through for a simpler one. */
const polishRuns = 5_000;
/** Executions between two reports of progress. */
const progressRuns = 1_024;

export function proveBySchedules(
  program: Program,
  options: ProveOptions,
  graph: LockGraph,
): Searched {
  const runsMax = options.runsMax ?? limits.enumerateRunsDefault;
  const { preemptionsMax, preemptionsEnough } = options;
  const lastBound = preemptionsMax ?? preemptionsEnough ?? Number.POSITIVE_INFINITY;
  let runs = 0;
  let steps = 0;
  let exhaustedTo = -1;
  for (let bound = options.all === true ? lastBound : 0; ; bound++) {
    const level = runLevel(program, options, bound, runs, runsMax, graph);
    runs += level.runs;
    steps += level.steps;
    const finding = level.finding;
    const nothing = level.exhausted && finding === undefined;
    const proved = nothing && level.limited === 0;
    if (proved) exhaustedTo = bound;
    if (nothing && level.bounded && bound < lastBound) continue;
    return {
      outcome: finding !== undefined ? 'broken' : proved ? 'proved' : 'limit',
      engine: 'enumerate',
      states: undefined,
      transitions: undefined,
      bytes: undefined,
      finding,
      minimal: isMinimal(finding, exhaustedTo, level),
      runs,
      schedules: level.runs,
      failures: level.failures,
      steps,
      exhaustedTo: proved && !level.bounded ? Number.POSITIVE_INFINITY : exhaustedTo,
      exhausted: level.exhausted,
      complete: level.exhausted && !level.bounded && level.limited === 0,
      limited: level.limited,
      interrupted: options.interrupted?.() === true,
    };
  }
}

/** One bound: all schedules with at most so many preemptions. */
function runLevel(
  program: Program,
  options: ProveOptions,
  bound: number,
  runsBefore: number,
  runsMax: number,
  graph: LockGraph,
): Enumeration {
  let runs = runsBefore;
  return enumerate(program, {
    ...options,
    runsMax: runsMax - runsBefore,
    preemptionsMax: bound,
    runsAfterFinding: options.all === true ? undefined : polishRuns,
    onFinding: (finding) => options.onFinding?.(finding, runs + 1),
    onRun: (execution, { remaining }) => {
      runs++;
      graph.collect(execution);
      options.onRun?.(execution);
      if (runs % progressRuns !== 0) return;
      options.onProgress?.({ runs, preemptions: bound, remaining: remaining() });
    },
  });
}

/** A finding is minimal if everything with fewer preemptions was run, on its own or as part of the whole. */
function isMinimal(finding: Finding | undefined, exhaustedTo: number, level: Enumeration): boolean {
  if (finding === undefined) return false;
  const everything = level.exhausted && !level.bounded && level.limited === 0;
  return everything || exhaustedTo >= finding.preemptions - 1;
}
