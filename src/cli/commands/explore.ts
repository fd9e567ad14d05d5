// racewalk explore SCENARIO: many seeded schedules.
import { type Command, Option } from 'commander';
import { defaultPortfolio, makeStrategy, strategyNames } from '../../../scheduler/index.js';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import type { SearchResult } from '../job.js';
import { parseScenario } from '../locate.js';
import {
  addRunFlags,
  compositionOf,
  list,
  required,
  type RunFlags,
  wholeNumber,
} from '../options.js';
import { reportSearch } from '../report.js';
import { supervise } from '../supervise.js';

interface ExploreFlags extends RunFlags {
  readonly seed: string;
  readonly runs: number;
  readonly strategy: readonly string[];
}

export function addExplore(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('explore')
    .argument(
      '<scenario>',
      'a name, or the path of an .mjs module (MODULE#NAME where it has several)',
    )
    .description('run many seeded schedules, and show the first failure as small as it gets')
    .addOption(
      new Option('--seed <seed>', 'where all chance comes from').env('RACEWALK_SEED').default('1'),
    )
    .addOption(
      new Option('--runs <n>', 'executions')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(limits.runsDefault),
    )
    .addOption(
      new Option('--strategy <names>', `they share the runs; ${strategyNames.join(', ')}`)
        .argParser(list)
        .env('RACEWALK_STRATEGY')
        .default(defaultPortfolio, defaultPortfolio.join(',')),
    );
  addRunFlags(command).action(async (scenario: string, flags: ExploreFlags) => {
    for (const name of flags.strategy) makeStrategy(name, flags.seed);
    const started = performance.now();
    const result = await supervise(
      {
        kind: 'explore',
        scenario: parseScenario(required('SCENARIO', scenario)),
        composition: compositionOf(flags),
        stepsMax: flags.stepsMax,
        all: flags.all === true,
        runs: flags.runs,
        seed: flags.seed,
        strategies: flags.strategy,
      },
      { watchdogSeconds: flags.watchdog },
    );
    const seconds = (performance.now() - started) / 1000;
    finish(
      reportSearch(result as SearchResult, { ...flags, command: 'explore', scenario, seconds }),
    );
  });
}
