// Exhaustive search, one preemption bound after the other: all schedules with none, then with at most one, and so
// on, until the bound leaves nothing out. The first failure is one with the fewest preemptions that any schedule
// needs (iterative context bounding: Musuvathi and Qadeer, PLDI 2007; here over the plain enumerator).
import { limits } from '../src/limits.js';
import { enumerate, type Enumeration } from './enumerate.js';
import type { Remaining } from './estimates/tree-progress.js';
import type { LockReport } from '../src/trace/lock-report.js';
import type { Execution } from './execution.js';
import type { Finding } from './finding.js';
import { LockGraph } from './lockdep/graph.js';
import { judge } from './lockdep/judge.js';
import type { Program, RunOptions } from './program.js';

export interface ProveOptions extends RunOptions {
  /** Prove only that at most this many preemptions break nothing. */
  readonly preemptionsMax?: number | undefined;
  /** Executions before the answer is LIMIT. */
  readonly runsMax?: number | undefined;
  /** Look for failures of this signature only. */
  readonly signature?: string | undefined;
  /** Hears of the first failure as soon as it is found. */
  readonly onFinding?: ((finding: Finding, runs: number) => void) | undefined;
  /** Sees every execution when it has ended; the levels of a search repeat schedules, unless it is for `all`. */
  readonly onRun?: ((execution: Execution) => void) | undefined;
  /** Hears of the search now and then. */
  readonly onProgress?: ((progress: ProveProgress) => void) | undefined;
}

export interface ProveProgress {
  readonly runs: number;
  /** The preemption bound of the present level. */
  readonly preemptions: number;
  /** Of this level. */
  readonly remaining: Remaining;
}

export interface Proof {
  readonly outcome: 'broken' | 'proved' | 'limit';
  /** A failure with the fewest preemptions; the simplest of those that were seen. */
  readonly finding: Finding | undefined;
  /** Every schedule with fewer preemptions than the finding was run, and none fails like it. */
  readonly minimal: boolean;
  /** Executions altogether, over all levels. */
  readonly runs: number;
  /** Schedules of the last level, which includes those of the levels before. */
  readonly schedules: number;
  readonly failures: number;
  readonly steps: number;
  /** The largest number of preemptions up to which every schedule was run clear; -1 for none, infinite for all. */
  readonly exhaustedTo: number;
  /** The last level was run to its end; with `all` that is everything within `preemptionsMax`. */
  readonly exhausted: boolean;
  /** No schedule was left out at all. */
  readonly complete: boolean;
  /** Executions cut off by the step limit: a proof does not cover what follows. */
  readonly limited: number;
  readonly interrupted: boolean;
  /** Cycles of lock dependencies, and whether a schedule closes them; none where a signature was looked for. */
  readonly lockdep: readonly LockReport[];
}

/** After a first failure, how many more executions of the same level are looked through for a simpler one. */
const polishRuns = 5_000;
/** Executions between two reports of progress. */
const progressRuns = 1_024;

/**
 * Searches every schedule, or every one with at most `preemptionsMax` preemptions.
 * @returns broken; proved, within the bounds that it names; or limit, where the runs did not suffice
 */
export function prove(program: Program, options: ProveOptions = {}): Proof {
  const graph = new LockGraph();
  const searched = searchLevels(program, options, graph);
  if (options.signature !== undefined) return { ...searched, lockdep: [] };
  const { complete, failures, schedules, finding } = searched;
  const end = {
    clearRuns: complete && failures === 0 ? schedules : undefined,
    failed: finding !== undefined,
    seed: lockSeed,
  };
  const { reports, finding: locking } = judge(program, graph, end, options);
  if (finding !== undefined || locking === undefined) return { ...searched, lockdep: reports };
  return { ...searched, outcome: 'broken', finding: locking, minimal: false, lockdep: reports };
}

/** A proof leaves nothing to chance but the look for a schedule that closes a cycle of locks. */
const lockSeed = 'prove';

function searchLevels(
  program: Program,
  options: ProveOptions,
  graph: LockGraph,
): Omit<Proof, 'lockdep'> {
  const runsMax = options.runsMax ?? limits.enumerateRunsDefault;
  const lastBound = options.preemptionsMax ?? Number.POSITIVE_INFINITY;
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
