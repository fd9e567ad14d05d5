// The series that have a ladder: every series that a scenario runs on, with all its scenarios in their order. A new
// scenario joins by being one of racewalk's own, or of the user's module.
import {
  type AnySeries,
  type Built,
  programWith,
  type Scenario,
} from '../../../scenarios/index.js';
import type { Climber, LadderSeries, LadderStep, Subset } from '../../../scheduler/ladder/index.js';
import type { Composition } from '../../kernel/series.js';
import { originsOf } from '../../kernel/layers.js';
import { type MachineOptions, UsageError } from '../../machine/index.js';
import { shortName } from '../property-names.js';

/** What a ladder shall show; by default all rungs, with all scenarios. */
export interface LadderChoice {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only these rungs. */
  readonly rungs?: readonly string[] | undefined;
  readonly scenarios?: readonly string[] | undefined;
  /** Patches of a subset that is looked at besides: added to base, or left out of the highest rung shown. */
  readonly with?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
  readonly machine?: MachineOptions | undefined;
}

/** A series, and the scenarios that run on it. */
export interface OfSeries {
  readonly series: AnySeries;
  readonly scenarios: readonly Scenario[];
}

/**
 * The series of that name among those of the scenarios.
 * @throws UsageError that lists what there is
 */
export function seriesNamed(name: string, all: readonly Scenario[]): OfSeries {
  const found = all.filter(({ series }) => series?.name === name);
  const series = found[0]?.series;
  if (series !== undefined) return { series, scenarios: found };
  const names = [...new Set(all.flatMap((one) => one.series?.name ?? []))];
  const isScenario = all.some((scenario) => scenario.name === name);
  const hint = isScenario
    ? `"${name}" is a scenario, and a ladder is of a series`
    : `there is no series "${name}"`;
  const there =
    names.length === 0
      ? 'no scenario there runs on a series'
      : `the series are: ${names.join(', ')}`;
  throw new UsageError(`${hint}; ${there}`);
}

/**
 * The series as the scheduler climbs it.
 * @throws UsageError for rungs and scenarios that there are not
 */
export function ladderOf({ series, scenarios }: OfSeries, choice: LadderChoice = {}): LadderSeries {
  const chosen = chooseScenarios(scenarios, choice.scenarios, series.name);
  const rungs = chooseRungs(series, choice);
  return {
    name: series.name,
    about: series.about,
    rungs: rungs.map((rung) => stepOf(series, rung)),
    subsets: subsetSteps(series, choice, rungs.at(-1)),
    elisions: series.elisions.flatMap(({ id, decides }) =>
      decides === undefined ? [] : [{ id, isModelled: decides.byDefault === 'modelled' }],
    ),
    refuses: (patches) => refusal(series, patches),
    subjects: chosen.map((scenario) => ({
      name: scenario.name,
      about: scenario.about,
      isAskedWith: (patches) => scenario.refuses(patches) === undefined,
      on: (subset) => climberOf(series, scenario, subset, choice.machine),
    })),
    shortName,
  };
}

function chooseScenarios(
  all: readonly Scenario[],
  wanted: readonly string[] | undefined,
  series: string,
): readonly Scenario[] {
  if (wanted === undefined) return all.filter(({ inLadder }) => inLadder);
  const names = all.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return all.filter(({ name }) => wanted.includes(name));
  throw new UsageError(
    `the series ${series} has no scenario "${unknown}"; it has: ${names.join(', ')}`,
  );
}

function chooseRungs(series: AnySeries, { from, to, rungs }: LadderChoice): readonly string[] {
  const { ladder } = series;
  const at = (name: string): number => {
    const index = ladder.indexOf(name);
    if (index >= 0) return index;
    throw new UsageError(
      `the series ${series.name} has no rung "${name}"; its rungs are: ${ladder.join(', ')}`,
    );
  };
  const [first, last] = [
    from === undefined ? 0 : at(from),
    to === undefined ? ladder.length - 1 : at(to),
  ];
  if (first > last) {
    throw new UsageError(
      `--from ${from ?? ''} is above --to ${to ?? ''}; the lower rung comes first`,
    );
  }
  const wanted = rungs?.map(at);
  const chosen = ladder.filter((_, i) => i >= first && i <= last && (wanted?.includes(i) ?? true));
  if (chosen.length > 0) return chosen;
  throw new UsageError('--rung names no rung between --from and --to');
}

function stepOf(series: AnySeries, name: string): LadderStep {
  const patches = series.compose({ upTo: name }).applied;
  const last = series.patches.find((patch) => patch.name === patches.at(-1));
  return { name, patches, subject: last?.subject ?? '' };
}

function subsetSteps(
  series: AnySeries,
  { with: extra, without }: LadderChoice,
  highest: string | undefined,
): readonly LadderStep[] {
  if (extra === undefined && without === undefined) return [];
  const upTo = without === undefined ? undefined : highest;
  const { label, applied } = series.compose({ upTo, with: extra, without });
  return [{ name: label, patches: applied, subject: '' }];
}

function refusal(series: AnySeries, patches: readonly string[]): string | undefined {
  try {
    series.compose(compositionOf(series, { patches, elide: [], fill: [] }));
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Exactly these patches, whatever the rungs are. */
export function compositionOf(
  series: AnySeries,
  { patches, elide, fill }: Subset,
): Composition<object> {
  const [first] = series.ladder;
  const lowest = series.compose({ upTo: first }).applied;
  return {
    upTo: first,
    with: patches,
    without: lowest.filter((name) => !patches.includes(name)),
    elide,
    fill,
  };
}

function climberOf(
  series: AnySeries,
  scenario: Scenario,
  subset: Subset,
  machine: MachineOptions | undefined,
): Climber {
  const composition = compositionOf(series, subset);
  const called = new Set<string>();
  const built: Built = scenario.build({ composition, machine, called });
  return {
    properties: built.properties.map(({ name }) => name),
    asksRaces: built.machine.profile.dataRaces,
    program: (unarmed) => programWith(scenario, { composition, machine, unarmed, called }),
    called,
    originsOf: (names) => originsOf(built.rung?.layers ?? [], names),
  };
}
