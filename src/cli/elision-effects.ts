// Which elisions decide an answer. Each switchable section is flipped, first all of them together, then, if that
// changes the answer, one by one; the flipped models are searched the same way, within a budget.
import type { Elision } from '../kernel/elision.js';
import { isFailure } from '../machine/index.js';
import { explore, type Finding, prove, type RunOptions } from '../../scheduler/index.js';
import { defaultPortfolio } from '../../scheduler/index.js';
import { type BuildOptions, programOf, type Scenario } from '../../scenarios/index.js';
import type { ElisionEffect, ExploreJob, ProveJob } from './job.js';

type Composition = NonNullable<BuildOptions['composition']>;

/** Schedules with at most this many preemptions are all looked at, as far as proofRuns go. */
const preemptionsMax = 1;
const proofRuns = 20_000;
const sampleRuns = 1_024;

/** The flips that turn a broken model into one where nothing is found, or the other way round. */
export function decisiveElisions(
  scenario: Scenario,
  job: ExploreJob | ProveJob,
  finding: Finding | undefined,
  options: RunOptions,
): ElisionEffect[] {
  const { series } = scenario;
  if (series === undefined) return [];
  const composition: Composition = job.composition ?? { upTo: 'base' };
  const broken = finding !== undefined && isFailure(finding.verdict);
  const flips = [true, false].map((elideNow) => flippable(series.elisions, composition, elideNow));
  return flips.flatMap((ids, i) => {
    const elidedNow = i === 0;
    const tryOut = (some: readonly string[]): ElisionEffect =>
      effectOf(scenario, flip(composition, some, elidedNow), some, elidedNow, options);
    if (ids.length === 0) return [];
    const together = tryOut(ids);
    if (together.broken === broken) return [];
    const alone = ids.length === 1 ? [] : ids.map((id) => tryOut([id]));
    const enough = alone.filter((effect) => effect.broken !== broken);
    return enough.length === 0 ? [together] : enough;
  });
}

/** The switchable sections that are modelled (to be left out) or left out (to be modelled) now. */
function flippable(
  elisions: readonly Elision<object>[],
  { elide = [], fill = [] }: Composition,
  elideNow: boolean,
): string[] {
  return elisions
    .filter(({ id, decides }) => {
      if (decides === undefined) return false;
      const leftOut = decides.byDefault === 'modelled' ? elide.includes(id) : !fill.includes(id);
      return leftOut !== elideNow;
    })
    .map(({ id }) => id);
}

function flip(composition: Composition, ids: readonly string[], elideNow: boolean): Composition {
  const { elide = [], fill = [] } = composition;
  const without = (list: readonly string[]): string[] => list.filter((id) => !ids.includes(id));
  return elideNow
    ? {
        ...composition,
        elide: [...elide, ...ids.filter((id) => !fill.includes(id))],
        fill: without(fill),
      }
    : {
        ...composition,
        elide: without(elide),
        fill: [...fill, ...ids.filter((id) => !elide.includes(id))],
      };
}

function effectOf(
  scenario: Scenario,
  composition: Composition,
  ids: readonly string[],
  elidedNow: boolean,
  options: RunOptions,
): ElisionEffect {
  const program = programOf(scenario, composition);
  const few: RunOptions = { ...options, all: false };
  const proof = prove(program, { ...few, preemptionsMax, runsMax: proofRuns });
  if (proof.outcome === 'broken') {
    return { ids, elidedNow, broken: true, schedules: proof.runs };
  }
  const sample = explore(program, {
    ...few,
    seed: '1',
    runs: sampleRuns,
    strategies: defaultPortfolio,
  });
  const broken = sample.outcome === 'broken';
  return { ids, elidedNow, broken, schedules: proof.runs + sample.runs };
}
