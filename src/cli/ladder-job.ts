// ladder, inside the worker: climbs the series, and makes a replay file of every failure in the table.
import { type LadderFailure, ladder } from '../../scheduler/ladder/index.js';
import { replay } from '../../scheduler/index.js';
import { allScenarios, programWith, type Scenario } from '../../scenarios/index.js';
import { describe } from '../machine/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import type { LadderJob, LadderResult } from './job.js';
import { compositionOf, ladderOf, type OfSeries, seriesNamed } from './ladder/series.js';
import { scenariosOf } from './locate.js';
import { portableModule } from './names.js';
import type { Reporter } from './worker.js';

export async function runLadder(job: LadderJob, reporter: Reporter): Promise<LadderResult> {
  const { module, name } = job.series;
  const all = module === undefined ? allScenarios : await scenariosOf(module);
  const of = seriesNamed(name ?? onlySeries(all), all);
  reporter.enter('setup');
  const series = ladderOf(of, job.choice);
  reporter.enter('executions');
  const { table, failures } = ladder(series, {
    ...job.effort,
    interrupted: reporter.interrupted,
    pulse: reporter.pulse,
    onAnswer: (text, done) => {
      reporter.tell({ kind: 'progress', text, done, runs: 0, failures: 0 });
    },
  });
  const replays = failures.map((failure) => ({
    rung: failure.rung,
    scenario: failure.scenario,
    property: failure.property,
    file: replayFile(of, failure, job),
  }));
  return { kind: 'ladder', table, replays };
}

/** A module with one series need not say which. */
function onlySeries(all: readonly Scenario[]): string {
  const names = [...new Set(all.flatMap(({ series }) => series?.name ?? []))];
  return names.length === 1 ? (names[0] ?? '') : '';
}

/** Properties that break earlier in the same schedule are left unarmed, and only where there are any. */
function replayFile(of: OfSeries, failure: LadderFailure, job: LadderJob): ReplayFile {
  const { rung, patches, scenario: name, finding } = failure;
  const scenario = of.scenarios.find((one) => one.name === name) as Scenario;
  const subset = { patches, elide: [], fill: [] };
  const composition = compositionOf(of.series, subset);
  const options = { stepsMax: job.effort.stepsMax, rung };
  const machine = { dataRaces: scenario.build({ composition }).machine.profile.dataRaces };
  const run = (unarmed: readonly string[]): ReturnType<typeof replay> =>
    replay(programWith(scenario, { composition, machine, unarmed }), finding.schedule, options);
  const armed = run([]);
  const isSame = finding.report !== undefined || armed.finding.signature === finding.signature;
  const shown = isSame ? armed : run(failure.unarmed);
  const memory = scenario.build({ composition }).machine.profile.memory;
  return {
    scenario: { name, module: portableModule(job.series.module) },
    rung: { label: rung, patches, elided: [], filled: [] },
    options: {
      cpus: scenario.cpus,
      faults: scenario.faults,
      memory,
      stepsMax: job.effort.stepsMax,
      all: false,
      unarmed: isSame ? undefined : failure.unarmed,
    },
    seed: undefined,
    strategy: undefined,
    verdict: {
      kind: finding.verdict.kind,
      signature: finding.signature,
      message: describe(finding.verdict),
    },
    steps: shown.finding.steps,
    choices: shown.choices,
    digests: shown.digests,
    course: shown.course,
    dependencies: finding.report?.cycle.flatMap(({ seen }) => seen.map(({ choices }) => choices)),
  };
}
