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
  readonly onAnswer?: ((what: string, done: number) => void) | undefined;
}

/** The ladder as the command climbs it by default. */
export function ladderTable(series: string, { whole, rungs, onAnswer }: PageOptions): LadderTable {
  const { preemptions, states, runs, seed } = ladderDefaults;
  const of = ladderOf(seriesNamed(series, allScenarios), { rungs });
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

/** The whole page, with a line feed at its end. */
export function ladderPage(table: LadderTable): string {
  const { series } = table;
  return `# The ladder of ${series}

<!-- Made by npm run ladders. Do not edit: a test compares the table with what the scenarios come to. -->

Property by rung, as \`npx racewalk ladder ${series} --markdown\` prints it. A cell is BROKEN if any scenario breaks it: the
one with the fewest preemptions stands there, and every schedule with fewer was looked at unless it says "at most". It is
PROVED only if every scenario that has the property was searched to the end within the bound that stands in it, and NOT
FOUND where a budget ended before that. Which patches depend on one another and which elisions decide is computed by leaving
out one patch at a time and by flipping the elisions, for the scenarios that have proved something on that rung.

${ladderMarkdown(table)}
`;
}
