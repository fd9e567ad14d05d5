// Which elisions decide an answer. Each switchable section is flipped, first all of them together, then, if that
// changes the answer, one by one; the flipped models are searched the same way, within a budget.
import type { Elision } from '../kernel/elision.js';
import { isFailure } from '../machine/index.js';
import {
  defaultPortfolio,
  explore,
  type Finding,
  prove,
  type RunOptions,
} from '../../scheduler/index.js';
import {
  type BuildOptions,
  programOf,
  type Scenario,
  type ScenarioProgram,
} from '../../scenarios/index.js';
import type { ElisionEffect, ExploreJob, ProveJob } from './job.js';

type Composition = NonNullable<BuildOptions['composition']>;

/**
 * Schedules with at most this many preemptions, and with at most those of the finding, are all looked at, as far as
 * proofRuns go.
 */
const preemptionsLeast = 1;
const proofRuns = 20_000;
const proofStates = 100_000;
const sampleRuns = 1_024;

/**
 * The flips that turn a broken model into one where nothing is found, or the other way round. An interrupt leaves
 * them open, so none are told of then.
 */
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
  const preemptionsMax = Math.max(preemptionsLeast, finding?.preemptions ?? 0);
  const flips = [true, false].map((elideNow) => flippable(series.elisions, composition, elideNow));
  const effects = flips.flatMap((ids, i) => {
    const elidedNow = i === 0;
    const tryOut = (some: readonly string[]): ElisionEffect => ({
      ids: some,
      elidedNow,
      ...search(
        programOf(scenario, flip(composition, some, elidedNow), job.machine),
        preemptionsMax,
        options,
      ),
    });
    if (ids.length === 0 || options.interrupted?.() === true) return [];
    const together = tryOut(ids);
    if (together.broken === broken) return [];
    const alone = ids.length === 1 ? [] : ids.map((id) => tryOut([id]));
    const enough = alone.filter((effect) => effect.broken !== broken);
    return enough.length === 0 ? [together] : enough;
  });
  return options.interrupted?.() === true ? [] : effects;
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

/** Looks for any failure: at all schedules with few preemptions, then at a sample of the others. */
function search(
  program: ScenarioProgram,
  preemptionsMax: number,
  options: RunOptions,
): Omit<ElisionEffect, 'ids' | 'elidedNow'> {
  const few: RunOptions = { ...options, all: false };
  const proof = prove(program, {
    ...few,
    preemptionsMax,
    runsMax: proofRuns,
    statesMax: proofStates,
  });
  const { complete, exhaustedTo } = proof;
  if (proof.outcome === 'broken') return { broken: true, executions: proof.runs, complete: false };
  const sample = complete
    ? undefined
    : explore(program, { ...few, seed: '1', runs: sampleRuns, strategies: defaultPortfolio });
  return {
    broken: sample?.outcome === 'broken',
    executions: proof.runs + (sample?.runs ?? 0),
    complete,
    ...(Number.isFinite(exhaustedTo) && exhaustedTo >= 0 && { preemptionsCleared: exhaustedTo }),
  };
}
