// Exhaustive search: one preemption bound after the other, all schedules with none, then with at most one, and so on,
// until the bound leaves nothing out. The first failure is one with the fewest preemptions that any schedule needs
// (iterative context bounding: Musuvathi and Qadeer, PLDI 2007). What goes over the schedules of one bound is an engine.
import type { Remaining } from './estimates/tree-progress.js';
import type { LockReport } from '../src/trace/lock-report.js';
import type { Execution } from './execution.js';
import type { Finding } from './finding.js';
import { LockGraph } from './lockdep/graph.js';
import { judge } from './lockdep/judge.js';
import type { Program, RunOptions } from './program.js';
import { proveBySchedules } from './prove/by-schedules.js';
import { proveByStates } from './prove/by-states.js';
import { proveByTraces } from './prove/by-traces.js';
import type { Helpers } from './stateful/helpers.js';
import { unfitForStates } from './stateful/unfit.js';
import { isWanted, type Wanted } from './wanted.js';

/** What goes over all schedules: one by one, state by state, or by one of each trace. */
export type Engine = 'enumerate' | 'stateful' | 'dpor';

export interface ProveOptions extends RunOptions {
  /** How to search; by default (`auto`) by states where that is possible, except where failures are to be counted. */
  readonly engine?: Engine | 'auto' | undefined;
  /** Prove only that at most this many preemptions break nothing. */
  readonly preemptionsMax?: number | undefined;
  /** Where not everything can be looked at, so many preemptions are enough: further bounds are not tried. */
  readonly preemptionsEnough?: number | undefined;
  /** Executions before the answer is LIMIT. */
  readonly runsMax?: number | undefined;
  /** States before the answer is LIMIT; of a search by states. */
  readonly statesMax?: number | undefined;
  /** Other cores that may finish a search by states which takes long. */
  readonly helpers?: Helpers | undefined;
  /** Look for failures of this signature only, or for those of which this is true. */
  readonly signature?: Wanted | undefined;
  /** Hears of the first failure as soon as it is found. */
  readonly onFinding?: ((finding: Finding, runs: number) => void) | undefined;
  /** Not where states are searched. Sees every execution when it has ended; the levels of a search repeat schedules, unless it is for `all`. */
  readonly onRun?: ((execution: Execution) => void) | undefined;
  /** Hears of the search now and then. */
  readonly onProgress?: ((progress: ProveProgress) => void) | undefined;
}

export interface ProveProgress {
  readonly runs: number;
  /** States so far, in a search by states. */
  readonly states?: number;
  /** The preemption bound of the present level. */
  readonly preemptions: number;
  /** Of this level. */
  readonly remaining: Remaining;
}

/** What an engine has come to. */
export interface Searched {
  readonly outcome: 'broken' | 'proved' | 'limit';
  readonly engine: Engine;
  /** A failure with the fewest preemptions; the simplest of those that were seen. */
  readonly finding: Finding | undefined;
  /** Every schedule with fewer preemptions than the finding was run, and none fails like it. */
  readonly minimal: boolean;
  /** Executions altogether, over all levels. */
  readonly runs: number;
  /** Schedules of the last level, which includes those of the levels before; undefined where states were searched. */
  readonly schedules: number | undefined;
  /** Different states of the last level, where states were searched. */
  readonly states: number | undefined;
  /** Steps from one state to another there. */
  readonly transitions: number | undefined;
  /** Bytes that the known states took at most. */
  readonly bytes: number | undefined;
  /** Where one schedule of each trace was run: how many there were. */
  readonly traces?: number;
  /** And how many executions showed no trace of their own: none, or the search is wrong. */
  readonly wasted?: number;
  readonly failures: number;
  /** Steps of all executions; of a search by states, each step from one state to another counts once. */
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
}

export interface Proof extends Searched {
  /** Cycles of lock dependencies, and whether a schedule closes them; none where a signature was looked for. */
  readonly lockdep: readonly LockReport[];
}

/**
 * Runs every schedule of the program, those with fewer preemptions first.
 * @returns broken; proved, within the bounds that it names; or limit, where the budget did not suffice
 * @throws UsageError where states were to be searched and the program has what states do not show
 */
export function prove(program: Program, options: ProveOptions = {}): Proof {
  const graph = new LockGraph();
  const searched = engines[engineFor(program, options)](program, options, graph);
  if (typeof options.signature === 'string') return { ...searched, lockdep: [] };
  const { failures, finding } = searched;
  const end = {
    clear: searched.complete && failures === 0 ? coverage(searched) : undefined,
    failed: finding !== undefined,
    seed: lockSeed,
  };
  const { reports, finding: locking } = judge(program, graph, end, options);
  const isNews = finding === undefined && isWanted(options.signature, locking?.signature ?? '');
  if (locking === undefined || !isNews) return { ...searched, lockdep: reports };
  return { ...searched, outcome: 'broken', finding: locking, minimal: false, lockdep: reports };
}

const engines = {
  enumerate: proveBySchedules,
  stateful: proveByStates,
  dpor: proveByTraces,
} as const;

function engineFor(program: Program, { engine = 'auto', all }: ProveOptions): Engine {
  if (engine === 'dpor') return 'dpor';
  if (engine === 'enumerate' || (engine === 'auto' && all === true)) return 'enumerate';
  const why = unfitForStates(program.build('search'), all === true);
  if (why === undefined) return 'stateful';
  if (engine === 'auto') return 'enumerate';
  throw why;
}

/** What was looked at, as half a sentence. */
function coverage({ schedules, states, traces }: Searched): string {
  if (traces !== undefined) return `all ${traces.toLocaleString('en')} traces were run`;
  const [n, what] =
    states === undefined ? [schedules ?? 0, 'schedules were run'] : [states, 'states were visited'];
  return `all ${n.toLocaleString('en')} ${what}`;
}

/** A proof leaves nothing to chance but the look for a schedule that closes a cycle of locks. */
const lockSeed = 'prove';
