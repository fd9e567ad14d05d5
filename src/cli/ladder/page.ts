// docs/ladder-task-migration.md, made from the ladder itself. A test climbs it again and compares the table.
import { allScenarios } from '../../../scenarios/index.js';
import { defaultPortfolio } from '../../../scheduler/index.js';
import { ladder } from '../../../scheduler/ladder/index.js';
import { limits } from '../../limits.js';
import type { LadderTable } from '../../trace/ladder.js';
import { ladderMarkdown } from '../../trace/ladder-markdown.js';
import { ladderDefaults } from './defaults.js';
import { ladderOf, seriesNamed } from './series.js';

export interface PageOptions {
  /** Leave patches out and flip elisions as well; the table is the same without. */
  readonly whole: boolean;
  /** By default all. */
  readonly rungs?: readonly string[];
  /** Up to this one. */
  readonly to?: string;
  /** By default those that a ladder asks without being told to. */
  readonly scenarios?: readonly string[];
  /** Of each search. */
  readonly states?: number;
  readonly onAnswer?: ((what: string, done: number) => void) | undefined;
}

/** The ladder as the command climbs it by default. */
export function ladderTable(
  series: string,
  { whole, rungs, to, scenarios, states = ladderDefaults.states, onAnswer }: PageOptions,
): LadderTable {
  const { preemptions, runs, seed } = ladderDefaults;
  const of = ladderOf(seriesNamed(series, allScenarios), { rungs, to, scenarios });
  return ladder(of, {
    preemptionsEnough: preemptions,
    statesMax: states,
    runs,
    seed,
    strategies: defaultPortfolio,
    stepsMax: limits.stepsMax,
    dependencies: whole,
    elisions: whole,
    onAnswer,
  }).table;
}

/** Those of which the page says which patches they need: few, as each patch is left out below each later rung. */
export const closely = [
  'fork-vs-transfer',
  'fork-vs-attach',
  'enable-vs-exit',
  'enable-vs-lone-exit',
] as const;

/** States of each search for the large table: enough for all but the largest scenarios to be clear up to one preemption. */
export const statesOfPage = 40_000;

/** The last rung of the series itself; what came later is in the large table. */
export const lastOfSeries = '0007';

/** The whole page, with a line feed at its end. */
export function ladderPage(table: LadderTable, close: LadderTable): string {
  const { series } = table;
  return `# The ladder of ${series}

<!-- Made by npm run ladders. Do not edit: a test compares the tables with what the scenarios come to. -->

Property by rung, as \`npx racewalk ladder ${series} --no-dependencies --no-elisions --states ${String(statesOfPage)} --markdown\` prints it. A cell is BROKEN if any
scenario breaks it: the one with the fewest preemptions stands there, and every schedule with fewer was looked at unless it
says "at most". It is PROVED only if every scenario that has the property was searched to the end within the bound that
stands in it, and NOT FOUND where a budget ended before that.

${ladderMarkdown(table)}

## Which patches need one another, and which elisions decide

As \`npx racewalk ladder ${series} --to ${lastOfSeries} --scenario ${closely.join(',')} --markdown\` prints it: one patch at a time is left out below every
later rung, and the elisions are flipped, for the scenarios that have proved something on that rung. More scenarios take longer; name them
by --scenario.

${ladderMarkdown(close)}
`;
}
