// explore and prove, inside the worker: the search, then what makes its answer worth reading. A failure is reduced
// and recorded in trace gear, and the elisions that decide the answer are found by flipping them.
import type { Rung } from '../kernel/series.js';
import {
  describe,
  type FaultTally,
  type Machine,
  type MemoryOrder,
  sumOfTallies,
} from '../machine/index.js';
import {
  type CampaignState,
  type ExploreOptions,
  type Finding,
  Histogram,
  leaveOutActors,
  prove,
  type ProveProgress,
  reduce,
  type Reduced,
  type Replay,
  replay,
  type RunOptions,
} from '../../scheduler/index.js';
import { hash64 } from '../trace/hash.js';
import { programOf, type Scenario, type ScenarioProgram } from '../../scenarios/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import { exploreOnCores } from './cores.js';
import { decisiveElisions } from './elision-effects.js';
import { explainBriefly } from './explain-job.js';
import type { ExploreJob, ProveJob, SearchResult, Shown } from './job.js';
import { Keeper } from './keeper.js';
import { locate } from './locate.js';
import { portableModule } from './names.js';
import { questionOf, shardOf } from './question.js';
import { StateHelpers } from './state-helpers.js';
import type { Reporter } from './worker.js';

type SearchJob = ExploreJob | ProveJob;

/** A failure, as small as it was made. */
type Smallest = Pick<Reduced, 'finding' | 'minimal'> & Partial<Reduced>;

/** What either search came to. */
type Outcome = Pick<
  SearchResult,
  | 'answer'
  | 'runs'
  | 'failures'
  | 'limited'
  | 'steps'
  | 'strategy'
  | 'foundIn'
  | 'blind'
  | 'proof'
  | 'sampled'
  | 'lockdep'
  | 'limits'
  | 'outcomes'
> & {
  readonly reduced: Smallest | undefined;
  /** What the machine of a campaign no longer has in its own tallies. */
  readonly faults?: readonly FaultTally[];
};

/** What there is to search, and how. */
interface Search {
  readonly scenario: Scenario;
  readonly program: ScenarioProgram;
  readonly rung: Rung<object> | undefined;
  readonly memory: MemoryOrder;
  readonly options: RunOptions;
  /** Hash of the model's text. */
  readonly model: string;
  /** Tells the outside what has been found, should the worker be ended. */
  readonly found: (
    finding: Finding,
    outcome: Pick<SearchResult, 'runs' | 'failures' | 'strategy'>,
  ) => void;
}

export async function runSearch(job: SearchJob, reporter: Reporter): Promise<SearchResult> {
  const scenario = await locate(job.scenario);
  const machines: Machine[] = [];
  const plain = programOf(scenario, job.composition, job.machine);
  const program = keepingMachines(plain, machines);
  reporter.enter('setup');
  const { composition, machine } = job;
  const built = scenario.build(composition === undefined ? { machine } : { composition, machine });
  const { rung } = built;
  const nothingYet = emptyResult(job, scenario, built);
  reporter.tell({ kind: 'so far', result: nothingYet });
  reporter.enter('executions');
  const options: RunOptions = {
    stepsMax: job.stepsMax,
    all: job.all,
    interrupted: reporter.interrupted,
    pulse: reporter.pulse,
  };
  const search: Search = {
    scenario,
    program,
    rung,
    memory: built.machine.profile.memory,
    options,
    model: nothingYet.model,
    found: (finding, outcome) => {
      const shown = show(job, search, { finding, minimal: false }, outcome.strategy);
      const result = { ...nothingYet, ...outcome, answer: 'BROKEN', shown } as const;
      reporter.tell({ kind: 'so far', result });
    },
  };
  const {
    reduced,
    faults: campaignFaults,
    ...outcome
  } = job.kind === 'explore'
    ? await runExplore(job, search, reporter)
    : runProve(job, search, reporter);
  const shown = reduced && show(job, search, reduced, outcome.strategy);
  if (shown !== undefined) {
    reporter.tell({ kind: 'so far', result: { ...nothingYet, ...outcome, shown } });
  }
  const decisive = decisiveElisions(scenario, job, shown?.finding, options);
  const left = machines.flatMap(({ faults }) => faults.places?.tallies ?? []);
  const fail = sumOfTallies([...(campaignFaults ?? []), ...left]);
  const explanation = shown && explainBriefly(plain.cast.without(shown.leftOut), shown, options);
  const found = { ...outcome, shown, explanation, decisive, fail };
  return { ...nothingYet, ...found, interrupted: reporter.interrupted() };
}

/** The same program, whose machines can be asked afterwards what became of the places where something was to fail. */
function keepingMachines(program: ScenarioProgram, machines: Machine[]): ScenarioProgram {
  return {
    ...program,
    build: (gear) => {
      const machine = program.build(gear);
      machines.push(machine);
      return machine;
    },
  };
}

/** What is known before the first execution. */
function emptyResult(
  job: SearchJob,
  scenario: Scenario,
  { machine, properties, rung, source }: ReturnType<Scenario['build']>,
): SearchResult {
  const elisions = rung?.elisions ?? [];
  const model = hash64(source);
  const threads = Array.from({ length: machine.threadCount }, (_, i) => machine.thread(i));
  return {
    kind: 'search',
    scenario: scenario.name,
    about: scenario.about,
    rung: rung?.label,
    answer: job.kind === 'explore' ? 'NOT FOUND' : 'LIMIT',
    runs: 0,
    failures: 0,
    limited: 0,
    steps: undefined,
    shown: undefined,
    explanation: undefined,
    strategy: undefined,
    foundIn: undefined,
    blind: [],
    proof: undefined,
    threads: threads.map(({ name }) => name),
    interrupts: threads.filter(({ isHandler }) => isHandler).length,
    locks: machine.profile,
    cpus: scenario.cpus,
    faults: scenario.faults,
    stepsMax: job.stepsMax,
    preemptionsMax: job.kind === 'prove' ? job.preemptionsMax : undefined,
    fail: machine.faults.places?.tallies ?? [],
    dataRaces: machine.profile.dataRaces,
    memory: machine.profile.memory,
    sampled: [],
    lockdep: [],
    limits: undefined,
    outcomes: undefined,
    model,
    shard: job.kind === 'explore' ? shardOf(job, model) : undefined,
    properties: properties.map((property) => property.name),
    elided: elisions.map((elision) => elision.id),
    fillable: elisions
      .filter(({ decides }) => decides?.byDefault === 'left out')
      .map((elision) => elision.id),
    decisive: [],
    interrupted: false,
  };
}

async function runExplore(job: ExploreJob, search: Search, reporter: Reporter): Promise<Outcome> {
  const { program, options } = search;
  const settings: ExploreOptions = {
    ...options,
    seed: job.seed,
    runs: job.runs,
    outcomes: job.outcomes,
    strategies: job.strategies,
    shard: job.shard,
    onProgress: ({ runs, failures }) => {
      reporter.tell({
        kind: 'progress',
        text: `${runs.toLocaleString('en')} of ${job.runs.toLocaleString('en')} schedules, ${failures.toLocaleString('en')} failures`,
        done: Math.min(1, runs / job.runs),
        runs,
        failures,
      });
    },
    onFinding: (finding, runs) => {
      search.found(finding, { runs, failures: 1, strategy: undefined });
    },
  };
  const keeper = new Keeper<CampaignState>(job.keeping, 'explore', questionOf(job, search.model));
  const campaign = await exploreOnCores(program, settings, job, reporter, keeper);
  const { finding, runs, failures, limited, steps, strategy, blind } = campaign;
  const reduced =
    finding === undefined
      ? undefined
      : reducedFinding(program, finding, { ...options, all: false });
  return {
    answer: exploreAnswers[limited > 0 && finding === undefined ? 'limit' : campaign.outcome],
    runs,
    failures,
    limited,
    steps,
    strategy,
    foundIn: campaign.foundIn,
    blind,
    sampled: campaign.sampled,
    lockdep: campaign.lockdep,
    faults: campaign.faults,
    limits: campaign.limits,
    outcomes: campaign.outcomes,
    proof: undefined,
    // An interrupted reduction has not looked at everything that is smaller.
    reduced: reduced && { ...reduced, minimal: reduced.minimal && !reporter.interrupted() },
  };
}

/** An open report of lockdep has no failing schedule that could be reduced. */
function reducedFinding(program: ScenarioProgram, finding: Finding, options: RunOptions): Smallest {
  if (finding.report !== undefined) return { finding, minimal: false };
  return reduce(program, finding, { ...options, leaveOut: true });
}

/** Where executions were cut off, nothing is known of what follows: finding nothing is no answer then. */
const exploreAnswers = {
  broken: 'BROKEN',
  'not found': 'NOT FOUND',
  'not verified': 'NOT VERIFIED',
  limit: 'LIMIT',
} as const;

const proveAnswers = { broken: 'BROKEN', proved: 'PROVED', limit: 'LIMIT' } as const;

function runProve(job: ProveJob, search: Search, reporter: Reporter): Outcome {
  const { program, options } = search;
  const histogram = job.outcomes ? new Histogram() : undefined;
  const proof = prove(program, {
    ...options,
    onRun: ({ machine }) => {
      histogram?.add(machine);
    },
    helpers: new StateHelpers(job, reporter, (states) => {
      const text = `${states.toLocaleString('en')} states, on several cores`;
      reporter.tell({ kind: 'progress', text, done: undefined, runs: 0, failures: 0 });
    }),
    engine: job.engine,
    preemptionsMax: job.preemptionsMax,
    runsMax: job.runs,
    statesMax: job.states,
    onFinding: (finding, runs) => {
      search.found(finding, { runs, failures: 1, strategy: undefined });
    },
    onProgress: (progress) => {
      const { runs, remaining } = progress;
      const text = proveProgressText(progress);
      reporter.tell({ kind: 'progress', text, done: remaining.done, runs, failures: 0 });
    },
  });
  const { finding, runs, failures, limited, steps, complete, exhaustedTo } = proof;
  const { engine, schedules, states, transitions, bytes, traces, wasted } = proof;
  const exhausted = job.all && proof.exhausted;
  return {
    answer: proveAnswers[proof.outcome],
    runs,
    failures,
    limited,
    steps,
    strategy: undefined,
    foundIn: undefined,
    blind: [],
    sampled: [],
    lockdep: proof.lockdep,
    limits: undefined,
    outcomes: histogram?.table,
    proof: {
      engine,
      schedules,
      states,
      transitions,
      bytes,
      traces,
      wasted,
      complete,
      exhausted,
      clearedTo: Number.isFinite(exhaustedTo) && exhaustedTo >= 0 ? exhaustedTo : undefined,
    },
    reduced:
      finding &&
      withFewerActors(program, options, {
        finding,
        // One schedule of each trace is not every schedule: another one may need fewer preemptions.
        minimal: proof.minimal || (exhausted && limited === 0 && engine !== 'dpor'),
      }),
  };
}

/** A proof's failure is one with the fewest preemptions already; it may do without some of the actors. */
function withFewerActors(program: ScenarioProgram, given: RunOptions, whole: Smallest): Smallest {
  const { finding } = whole;
  const options = { ...given, all: false };
  if (finding.report !== undefined) return whole;
  const { leftOut } = leaveOutActors(program, finding, program.cast, options);
  return leftOut.length === 0 ? whole : reduce(program, finding, { ...options, leaveOut: true });
}

/** Which level, and how large it may be. Each level has a bar of its own: nobody knows how many there will be. */
export function proveProgressText({ runs, states, preemptions, remaining }: ProveProgress): string {
  const level = Number.isFinite(preemptions) ? `at most ${String(preemptions)} preemptions: ` : '';
  const { leaves } = remaining;
  const about =
    leaves === undefined || leaves > 1e15
      ? ''
      : `, ${level === '' ? 'of' : 'this level has'} about ${roundly(leaves)}`;
  const many =
    states === undefined
      ? `${runs.toLocaleString('en')} schedules`
      : `${states.toLocaleString('en')} states`;
  return level + many + about;
}

/** An estimate is no better than its first two digits. */
function roundly(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en');
}

/** Runs the failure again in trace gear, up to where it fails: found with --all, its schedule may go on. */
function show(
  job: SearchJob,
  { scenario, program: everybody, rung, memory, options }: Search,
  { finding: found, minimal, program = everybody, leftOut = [] }: Smallest,
  strategy: string | undefined,
): Shown {
  const run = (length: number): Replay =>
    replay(program, found.schedule.slice(0, length), {
      ...options,
      all: false,
      rung: rung?.label,
    });
  const whole = run(found.schedule.length);
  const shown = whole.mismatch === undefined ? whole : run(whole.mismatch.index);
  const { finding, trace } = withReport(found, shown);
  const file: ReplayFile = {
    scenario: { name: scenario.name, module: portableModule(job.scenario.module) },
    ...(rung === undefined ? {} : { rung: replayRung(job, rung) }),
    options: {
      cpus: scenario.cpus,
      faults: scenario.faults,
      memory,
      stepsMax: job.stepsMax,
      all: false,
      dataRaces: job.machine.dataRaces,
      fail: job.machine.fail,
      leftOut: leftOut.length === 0 ? undefined : leftOut,
    },
    seed: job.kind === 'explore' ? job.seed : undefined,
    strategy,
    verdict: {
      kind: finding.verdict.kind,
      signature: finding.signature,
      message: describe(finding.verdict),
    },
    steps: finding.steps,
    choices: shown.choices,
    digests: shown.digests,
    course: shown.course,
    dependencies: found.report?.cycle.flatMap(({ seen }) => seen.map(({ choices }) => choices)),
  };
  return { finding, minimal, leftOut, replay: file, trace };
}

/** The schedule of an open lock report does not fail by itself. */
function withReport(found: Finding, shown: Replay): Pick<Replay, 'finding' | 'trace'> {
  const { verdict, signature, report } = found;
  if (report === undefined) return shown;
  return {
    finding: { ...shown.finding, verdict, signature, report },
    trace: { ...shown.trace, verdict },
  };
}

function replayRung(job: SearchJob, rung: Rung<object>): ReplayFile['rung'] {
  const { elide = [], fill = [] } = job.composition ?? {};
  return { label: rung.label, patches: rung.applied, elided: elide, filled: fill };
}
