// What the main thread asks of a worker, and what comes back: plain data only, for it crosses threads.
import type { Composition } from '../kernel/series.js';
import type { FaultTally, LockProfile, MachineOptions, MemoryOrder } from '../machine/index.js';
import type { Explanation } from '../trace/explanation.js';
import type { LadderTable } from '../trace/ladder.js';
import type { LoadTable } from '../trace/load-bearing.js';
import type { LockReport } from '../trace/lock-report.js';
import type { ReplayFile } from '../trace/replay-file.js';
import type { Trace } from '../trace/trace.js';
import type {
  Engine,
  Finding,
  FoundIn,
  OutcomeTable,
  Relived,
  Rename,
  SamplingLimits,
  Shard,
} from '../../scheduler/index.js';
import type { LadderOptions } from '../../scheduler/ladder/index.js';
import type { Keeping } from './keeper.js';
import type { LadderChoice } from './ladder/series.js';
import type { Failed } from './outcome.js';

/** Where a scenario is: one of ours by name, or an export of a user's module. */
export interface ScenarioRef {
  /** Absolute path of the module; undefined for a scenario of racewalk's own. */
  readonly module: string | undefined;
  /** Name of the scenario; for a module with one scenario it may be left out. */
  readonly name: string | undefined;
}

interface SearchJob {
  readonly scenario: ScenarioRef;
  /** Which patches; undefined for the series' default, and for plain machines. */
  readonly composition: Composition<object> | undefined;
  readonly stepsMax: number;
  readonly all: boolean;
  /** Count the different outcomes. */
  readonly outcomes: boolean;
  /** What the command line wants of the machine, whatever the scenario says. */
  readonly machine: MachineOptions;
}

export interface ExploreJob extends SearchJob {
  readonly kind: 'explore';
  readonly runs: number;
  readonly seed: string;
  readonly strategies: readonly string[];
  readonly workers: Workers;
  readonly keeping: Keeping;
  /** Run only a part of the campaign's blocks. */
  readonly shard: Shard | undefined;
}

/** How many threads run a search. They change how long it takes, and nothing else. */
export interface Workers {
  readonly count: number;
  /** From the start; otherwise only once the search has turned out to take long. */
  readonly atOnce: boolean;
}

export interface ProveJob extends SearchJob {
  readonly kind: 'prove';
  readonly preemptionsMax: number | undefined;
  readonly engine: Engine | 'auto';
  /** Executions before the answer is LIMIT; undefined for what the engine takes. */
  readonly runs: number | undefined;
  /** States before the answer is LIMIT, where states are searched. */
  readonly states: number;
  readonly workers: Workers;
}

export interface ReplayJob {
  readonly kind: 'replay';
  readonly file: ReplayFile;
  /** Executions of the search where the file no longer applies; with 0 there is none. */
  readonly runs: number;
}

export interface ListJob {
  readonly kind: 'list';
  /** A scenario, or all those of a user's module; undefined for racewalk's own. */
  readonly scenario: ScenarioRef | undefined;
  /** The table of rules instead. */
  readonly rules: boolean;
}

/** Explains a recorded failure, or the one that a search finds. */
export interface ExplainJob {
  readonly kind: 'explain';
  readonly of: ReplayFile | ExploreJob;
  /** Executions in which a recorded failure is looked for, where the model has changed. */
  readonly runs: number;
}

/** Leaves out each lock, second look and reference of a scenario in turn. */
export interface LoadBearingJob {
  readonly kind: 'load-bearing';
  readonly scenario: ScenarioRef;
  readonly composition: Composition<object> | undefined;
  readonly stepsMax: number;
  readonly machine: MachineOptions;
  readonly preemptionsMax: number;
  readonly runs: number;
  readonly samples: number;
  readonly seed: string;
  readonly strategies: readonly string[];
}

/** Judges every rung of a series with every scenario. */
export interface LadderJob {
  readonly kind: 'ladder';
  /** The name of the series, or of the module whose scenarios run on it. */
  readonly series: ScenarioRef;
  readonly choice: LadderChoice;
  readonly effort: LadderEffort;
}

/** What the search of each cell may take. */
export type LadderEffort = Omit<
  LadderOptions,
  'interrupted' | 'pulse' | 'onAnswer' | 'stepsMax' | 'all'
> & { readonly stepsMax: number };

export type Job =
  ExploreJob | ProveJob | ReplayJob | ListJob | ExplainJob | LoadBearingJob | LadderJob;

/** The one-word answer. */
export type Answer = 'BROKEN' | 'PROVED' | 'NOT FOUND' | 'LIMIT' | 'NOT VERIFIED';

/** A failure, shown: its minimal schedule as a file and as a trace. */
export interface Shown {
  readonly finding: Finding;
  /** Every schedule with fewer preemptions was run, and none shows this bug. */
  readonly minimal: boolean;
  /** Actors that the bug does without: they do not come. */
  readonly leftOut: readonly string[];
  readonly replay: ReplayFile;
  readonly trace: Trace;
}

/** What an elision does to the answer. */
export interface ElisionEffect {
  /** The elisions that were flipped, all of them together. */
  readonly ids: readonly string[];
  /** True: they were modelled and are left out now; false: the other way round. */
  readonly elidedNow: boolean;
  /** Whether a failure was found then. */
  readonly broken: boolean;
  readonly executions: number;
  /** The preemptions up to which every schedule was run clear then; left out where not even those with none were. */
  readonly preemptionsCleared?: number;
  /** Every schedule was run then. */
  readonly complete: boolean;
}

export interface ShardOfCampaign extends Shard {
  /** Equal for the shards of one campaign: a hash of all that it was asked. */
  readonly campaign: string;
}

/** The outcome of an exploration or a proof. */
export interface SearchResult {
  readonly kind: 'search';
  readonly scenario: string;
  readonly about: string;
  /** Label of the rung; undefined for a plain machine. */
  readonly rung: string | undefined;
  readonly answer: Answer;
  readonly runs: number;
  readonly failures: number;
  readonly limited: number;
  /** Of all executions; undefined where the worker was ended before it could tell. */
  readonly steps: number | undefined;
  readonly shown: Shown | undefined;
  /** Of the failure that is shown; undefined where there is none, or none that a schedule leads to. */
  readonly explanation: Explanation | undefined;
  readonly strategy: string | undefined;
  /** The execution of a campaign that found the failure. */
  readonly foundIn: FoundIn | undefined;
  /** Strategies that did not find the planted race. */
  readonly blind: readonly string[];
  /** For a proof: what it covers. */
  readonly proof:
    | {
        readonly engine: Engine;
        /** Undefined where states were searched. */
        readonly schedules: number | undefined;
        /** Different states, steps between them, and the bytes that they took; undefined where schedules were run. */
        readonly states: number | undefined;
        readonly transitions: number | undefined;
        readonly bytes: number | undefined;
        /** Mazurkiewicz traces, and executions that showed none of their own; undefined where all schedules or states were gone over. */
        readonly traces: number | undefined;
        readonly wasted: number | undefined;
        /** Every schedule was run, whatever its preemptions. */
        readonly complete: boolean;
        /** Every schedule within --preemptions was run; known only under --all, where a failure ends nothing. */
        readonly exhausted: boolean;
        /** The preemptions up to which every schedule was run and none fails; undefined for not even with none. */
        readonly clearedTo: number | undefined;
      }
    | undefined;
  /** The threads that exist from the start, by name. */
  readonly threads: readonly string[];
  /** How many of them are interrupts. */
  readonly interrupts: number;
  readonly locks: LockProfile;
  /** CPUs, where the scenario gives their number, and how many allocations may fail in one schedule. */
  readonly cpus: number | undefined;
  readonly faults: number;
  /** Steps of one execution before it is cut off. */
  readonly stepsMax: number;
  /** The preemptions beyond which nothing was to be searched; undefined for no such bound. */
  readonly preemptionsMax: number | undefined;
  /** The steps that were made to fail, by their places. */
  readonly fail: readonly FaultTally[];
  /** Whether data races were looked for. */
  readonly dataRaces: boolean;
  readonly memory: MemoryOrder;
  /** What an exploration sampled; empty for a proof. */
  readonly sampled: readonly { readonly strategy: string; readonly runs: number }[];
  /** Cycles of lock dependencies, and whether a schedule closes them. */
  readonly lockdep: readonly LockReport[];
  /** What a campaign that found nothing may have missed. */
  readonly limits: SamplingLimits | undefined;
  /** What the executions came to; undefined where nobody asked. */
  readonly outcomes: OutcomeTable | undefined;
  /** Hash of the model's text: which model the answer is about. */
  readonly model: string;
  /** Which part of which campaign this is the answer of. */
  readonly shard: ShardOfCampaign | undefined;
  readonly properties: readonly string[];
  readonly elided: readonly string[];
  /** Those of the elided sections that --fill can have modelled. */
  readonly fillable: readonly string[];
  readonly decisive: readonly ElisionEffect[];
  readonly interrupted: boolean;
}

export interface ReplayResult {
  readonly kind: 'replay';
  readonly trace: Trace;
  readonly memory: MemoryOrder;
  /** How the recorded failure was found again, if it was. */
  readonly how: Relived | 'exactly';
  /** Where and why it is not what the file says, step by step; undefined if it is. */
  readonly drift: string | undefined;
  /** What was done, and what came of it, where it is not; undefined if it is. */
  readonly again: Again | undefined;
  readonly interrupted: boolean;
}

/** What became of a replay on a model that has changed. */
export interface Again {
  /** The first step of the recorded course that was not come to. */
  readonly gone: { readonly place: string; readonly instead: string } | undefined;
  readonly renames: readonly Rename[];
  /** The file tells who ran until where; old ones, and very long ones, do not. */
  readonly hasCourse: boolean;
  /** Executions that followed the file. */
  readonly followed: number;
  /** Executions of the search; undefined where there was none. */
  readonly searched: number | undefined;
  /** All schedules with at most so many preemptions were run, and none fails as recorded. */
  readonly clearedTo: number | undefined;
  /** Another failure that was met. */
  readonly other: string | undefined;
  /** A replay file of the failure on the present model. */
  readonly renewed: ReplayFile | undefined;
}

export interface ExplainResult {
  readonly kind: 'explain';
  /** What the search came to; undefined for a recorded failure. */
  readonly search: SearchResult | undefined;
  /** The failure again; undefined where the search found none. */
  readonly again: ReplayResult | undefined;
  /** Undefined where the recorded failure does not recur, or there is none that a schedule leads to. */
  readonly explanation: Explanation | undefined;
}

export interface ListedScenario {
  readonly name: string;
  readonly about: string;
  readonly source: string | undefined;
  readonly series: string | undefined;
  readonly properties: readonly string[];
}

export interface ListedSeries {
  readonly name: string;
  readonly about: string;
  /** Lowest first. */
  readonly rungs: readonly string[];
  readonly patches: readonly { readonly name: string; readonly subject: string }[];
  readonly elisions: readonly {
    readonly id: string;
    readonly leavesOut: string;
    /** The flag that switches it; undefined where it is always left out. */
    readonly switch: 'elide' | 'fill' | undefined;
  }[];
}

/** A row of the table of rules: both programs by name. */
export interface ListedRule {
  readonly id: string;
  readonly rule: string;
  readonly verdict: string;
  readonly broken: string;
  readonly neighbour: string;
}

export interface ListResult {
  readonly kind: 'list';
  readonly rules: readonly ListedRule[];
  readonly scenarios: readonly ListedScenario[];
  readonly series: readonly ListedSeries[];
}

export interface LoadBearingResult {
  readonly kind: 'load-bearing';
  readonly scenario: string;
  readonly rung: string | undefined;
  readonly memory: MemoryOrder;
  readonly table: LoadTable;
}

export interface LadderResult {
  readonly kind: 'ladder';
  readonly table: LadderTable;
  /** For every failure in the table. */
  readonly replays: readonly {
    readonly rung: string;
    readonly scenario: string;
    readonly property: string;
    readonly file: ReplayFile;
  }[];
}

export type JobResult =
  SearchResult | ReplayResult | ListResult | ExplainResult | LoadBearingResult | LadderResult;

/** What a worker returns: a result, or an error that the user can do something about. */
export type JobOutcome = { readonly kind: 'done'; readonly result: JobResult } | Failed;

/** What a worker tells while it works. */
export type JobNews =
  | {
      readonly kind: 'progress';
      readonly text: string;
      /** The part of the search that is done, 0 to 1: it never falls while the text speaks of the same part. */
      readonly done: number | undefined;
      readonly runs: number;
      readonly failures: number;
    }
  /** What would be the result if the worker ended now: it survives whatever happens to the worker afterwards. */
  | { readonly kind: 'so far'; readonly result: SearchResult };
