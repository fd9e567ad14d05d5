// How many schedules a campaign runs until its first failure, on average over seeds: by single samplers and by the default
// portfolio, on the programs for which others have published such means. The opening execution counts.
import { pathToFileURL } from 'node:url';
import { BlockRunner, Campaign, defaultPortfolio, type Program } from '../../scheduler/index.js';
import * as bugs from './programs/bugs.js';

/** As many schedules as the published trials had at most. */
const runsMax = 10_000;

export interface FirstBug {
  /** The mean over the seeds; a campaign that finds nothing counts with runsMax. */
  readonly mean: number;
  /** Campaigns that found nothing. */
  readonly misses: number;
}

export function firstBug(program: Program, strategies: readonly string[], seeds: number): FirstBug {
  const runner = new BlockRunner(program, {});
  let sum = 0;
  let misses = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const campaign = new Campaign({ seed: String(seed), runs: runsMax, strategies });
    while (!campaign.isOver) runRound(campaign, runner);
    sum += campaign.runs;
    if (campaign.finding === undefined) misses++;
  }
  return { mean: sum / seeds, misses };
}

function runRound(campaign: Campaign, runner: BlockRunner): void {
  for (const order of campaign.nextRound()) {
    campaign.merge(runner.run(order));
    if (campaign.isOver) return;
  }
}

/** Means over 20 trials, limit 10,000, from the raw data of Zhao et al., ASPLOS 2025: RW, POS, PCT-3, SURW. */
export const published: readonly (readonly [Program, string])[] = [
  [bugs.reorder(2, 1), 'RW 0/20, POS 86, PCT-3 185, SURW 7'],
  [bugs.reorder(4, 1), 'POS 2169, PCT-3 647, SURW 10'],
  [bugs.twostage(1, 1), 'RW 464, POS 15, PCT-3 13, SURW 8'],
  [bugs.account(), 'RW 18, POS 4, PCT-3 4, SURW 6'],
  [bugs.stack(10), 'RW 176, POS 2, PCT-3 3, SURW 5'],
  [bugs.wronglock(1, 3), 'RW 36, POS 11, PCT-3 58, SURW 9'],
  [bugs.deadlock01(), ''],
  [bugs.reorder(9, 1), ''],
  [bugs.reorder(19, 1), ''],
];

const columns: readonly (readonly [string, readonly string[]])[] = [
  ...['random', 'pct:2', 'pct:3', 'pctcp:3', 'pos', 'urw', 'surw'].map(
    (name) => [name, [name]] as const,
  ),
  ['portfolio', defaultPortfolio],
];

function main(seeds: number): void {
  const row = (cells: readonly string[]): void => {
    console.log(`| ${cells.join(' | ')} |`);
  };
  row(['program', ...columns.map(([name]) => name), 'published']);
  for (const [program, others] of published) {
    const cells = columns.map(([, strategies]) => {
      const { mean, misses } = firstBug(program, strategies, seeds);
      return mean.toFixed(1) + (misses > 0 ? ` (${String(misses)} missed)` : '');
    });
    row([program.name, ...cells, others]);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(Number(process.argv[2] ?? 200));
}
