// explore and prove, inside the worker: the search, then what makes its answer worth reading. A failure is reduced
// and recorded in trace gear, and the elisions that decide the answer are found by flipping them.
import type { Rung } from '../kernel/series.js';
import { describe } from '../machine/index.js';
import {
  explore,
  type Finding,
  prove,
  reduce,
  type Reduced,
  replay,
  type RunOptions,
} from '../../scheduler/index.js';
import { programOf, type Scenario, type ScenarioProgram } from '../../scenarios/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import { decisiveElisions } from './elision-effects.js';
import type { ExploreJob, ProveJob, SearchResult, Shown } from './job.js';
import { locate } from './locate.js';
import { portableModule } from './names.js';
import type { Reporter } from './worker.js';

type SearchJob = ExploreJob | ProveJob;

/** What either search came to, before it is dressed up. */
interface Outcome extends Pick<
  SearchResult,
  'answer' | 'runs' | 'failures' | 'limited' | 'steps' | 'strategy' | 'blind' | 'proof'
> {
  readonly finding: Finding | undefined;
  /** Known for a proof; an exploration has to reduce first. */
  readonly reduced: Reduced | undefined;
  readonly interrupted: boolean;
}

export async function runSearch(job: SearchJob, reporter: Reporter): Promise<SearchResult> {
  const scenario = await locate(job.scenario);
  const program = programOf(scenario, job.composition);
  const options: RunOptions = {
    stepsMax: job.stepsMax,
    all: job.all,
    interrupted: reporter.interrupted,
    pulse: reporter.pulse,
  };
  const built = scenario.build(
    job.composition === undefined ? {} : { composition: job.composition },
  );
  const outcome =
    job.kind === 'explore'
      ? runExplore(job, program, options, reporter)
      : runProve(job, program, options, reporter);
  const rung = built.rung;
  return {
    kind: 'search',
    scenario: scenario.name,
    about: scenario.about,
    rung: rung?.label,
    answer: outcome.answer,
    runs: outcome.runs,
    failures: outcome.failures,
    limited: outcome.limited,
    steps: outcome.steps,
    strategy: outcome.strategy,
    blind: outcome.blind,
    proof: outcome.proof,
    shown: show(job, scenario, program, rung, outcome, options),
    threads: built.machine.threadCount,
    properties: built.properties.map((property) => property.name),
    elided: rung?.elisions.map((elision) => elision.id) ?? [],
    decisive: outcome.interrupted ? [] : decisiveElisions(scenario, job, outcome.finding, options),
    interrupted: outcome.interrupted,
  };
}

function runExplore(
  job: ExploreJob,
  program: ScenarioProgram,
  options: RunOptions,
  reporter: Reporter,
): Outcome {
  const search = explore(program, {
    ...options,
    seed: job.seed,
    runs: job.runs,
    strategies: job.strategies,
    onProgress: ({ runs, failures }) => {
      reporter.tell({
        kind: 'progress',
        text: `${runs.toLocaleString('en')} of ${job.runs.toLocaleString('en')} schedules, ${String(failures)} failures`,
        runs,
        failures,
      });
    },
    onFinding: (finding, runs) => {
      reporter.tell({ kind: 'found', finding, runs });
    },
  });
  const { finding } = search;
  return {
    ...search,
    answer:
      search.outcome === 'broken'
        ? 'BROKEN'
        : search.outcome === 'not verified'
          ? 'NOT VERIFIED'
          : 'NOT FOUND',
    proof: undefined,
    reduced:
      finding === undefined ? undefined : reduce(program, finding, { ...options, all: false }),
  };
}

function runProve(
  job: ProveJob,
  program: ScenarioProgram,
  options: RunOptions,
  reporter: Reporter,
): Outcome {
  const proof = prove(program, {
    ...options,
    preemptionsMax: job.preemptionsMax,
    runsMax: job.runs,
    onProgress: ({ runs, preemptions }) => {
      const bound = Number.isFinite(preemptions)
        ? `at most ${String(preemptions)} preemptions: `
        : '';
      const text = `${bound}${runs.toLocaleString('en')} schedules`;
      reporter.tell({ kind: 'progress', text, runs, failures: 0 });
    },
  });
  const { finding, minimal, exhaustedTo, schedules, complete, runs } = proof;
  return {
    ...proof,
    answer: proof.outcome === 'broken' ? 'BROKEN' : proof.outcome === 'proved' ? 'PROVED' : 'LIMIT',
    strategy: undefined,
    blind: [],
    proof: { schedules, complete, exhaustedTo: Number.isFinite(exhaustedTo) ? exhaustedTo : null },
    reduced: finding === undefined ? undefined : { finding, minimal, runs },
  };
}

/** Runs the failure again in trace gear. */
function show(
  job: SearchJob,
  scenario: Scenario,
  program: ScenarioProgram,
  rung: Rung<object> | undefined,
  outcome: Outcome,
  options: RunOptions,
): Shown | undefined {
  if (outcome.reduced === undefined) return undefined;
  const { finding, minimal } = outcome.reduced;
  const shown = replay(program, finding.schedule, { ...options, all: false, rung: rung?.label });
  const file: ReplayFile = {
    scenario: { name: scenario.name, module: portableModule(job.scenario.module) },
    ...(rung === undefined ? {} : { rung: replayRung(job, rung) }),
    options: { cpus: scenario.cpus, faults: scenario.faults, stepsMax: job.stepsMax, all: false },
    seed: job.kind === 'explore' ? job.seed : undefined,
    strategy: outcome.strategy,
    verdict: {
      kind: finding.verdict.kind,
      signature: finding.signature,
      message: describe(finding.verdict),
    },
    steps: finding.steps,
    choices: shown.choices,
    digests: shown.digests,
  };
  return { finding, minimal, replay: file, trace: shown.trace };
}

function replayRung(job: SearchJob, rung: Rung<object>): ReplayFile['rung'] {
  const { elide = [], fill = [] } = job.composition ?? {};
  return { label: rung.label, patches: rung.applied, elided: elide, filled: fill };
}
