// list, inside the worker: loading a user's module runs it.
import { allScenarios, ruleThemes, type Scenario } from '../../scenarios/index.js';
import type { ListedRule, ListedScenario, ListedSeries, ListJob, ListResult } from './job.js';
import { locate, scenariosOf } from './locate.js';
import type { Reporter } from './worker.js';

export async function runList(job: ListJob, reporter: Reporter): Promise<ListResult> {
  if (job.rules) return { kind: 'list', scenarios: [], series: [], rules: listedRules() };
  const { scenario } = job;
  const scenarios = await chosen(scenario);
  reporter.enter('setup');
  const series = new Set(scenarios.flatMap((one) => one.series ?? []));
  return {
    kind: 'list',
    scenarios: scenarios.map(listed),
    series: [...series].map(listedSeries),
    rules: [],
  };
}

function listedRules(): ListedRule[] {
  return ruleThemes.flatMap(({ rules }) =>
    rules.map(({ id, rule, verdict, broken, neighbour }) => ({
      id,
      rule,
      verdict,
      broken: broken.name,
      neighbour: neighbour.name,
    })),
  );
}

async function chosen(ref: ListJob['scenario']): Promise<readonly Scenario[]> {
  if (ref === undefined) return allScenarios;
  if (ref.module === undefined || ref.name !== undefined) return [await locate(ref)];
  return scenariosOf(ref.module);
}

function listed(scenario: Scenario): ListedScenario {
  const { name, about, source, series } = scenario;
  const properties = scenario.build().properties.map((property) => property.name);
  return { name, about, source, series: series?.name, properties };
}

function listedSeries(series: NonNullable<Scenario['series']>): ListedSeries {
  return {
    name: series.name,
    about: series.about,
    rungs: series.ladder,
    patches: [...(series.variants ?? []), ...series.patches].map(({ name, subject }) => ({
      name,
      subject,
    })),
    elisions: series.elisions.map(({ id, leavesOut, decides }) => ({
      id,
      leavesOut,
      switch: decides && (decides.byDefault === 'modelled' ? 'elide' : 'fill'),
    })),
  };
}
