// list, inside the worker: loading a user's module runs it.
import { allScenarios, type Scenario } from '../../scenarios/index.js';
import type { ListedScenario, ListedSeries, ListJob, ListResult } from './job.js';
import { scenariosOf } from './locate.js';

export async function runList({ module }: ListJob): Promise<ListResult> {
  const scenarios = module === undefined ? allScenarios : await scenariosOf(module);
  const series = new Set(scenarios.flatMap((scenario) => scenario.series ?? []));
  return { kind: 'list', scenarios: scenarios.map(listed), series: [...series].map(listedSeries) };
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
    patches: series.patches.map(({ name, subject }) => ({ name, subject })),
    elisions: series.elisions.map(({ id, leavesOut, decides }) => ({
      id,
      leavesOut,
      switchable: decides !== undefined,
    })),
  };
}
