// racewalk ladder SERIES: property by rung.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import { ladderDefaults } from '../ladder/defaults.js';
import { jsonFlag, list, outFlag, required, watchdogFlag, wholeNumber } from '../options.js';

export interface LadderFlags {
  readonly from?: string;
  readonly to?: string;
  readonly rung?: readonly string[];
  readonly scenario?: readonly string[];
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly preemptions: number;
  readonly states: number;
  readonly runs: number;
  readonly seed: string;
  readonly stepsMax: number;
  readonly dependencies: boolean;
  readonly elisions: boolean;
  readonly json?: true;
  readonly markdown?: true;
  readonly out: string;
  readonly watchdog: number;
}

const preemptionsCeiling = 1_000;

export function addLadder(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('ladder')
    .argument('<series>', 'a series, or an .mjs module whose scenarios run on one (MODULE#NAME)')
    .description(
      'what each rung of a series breaks, closes and needs: a table of properties by rungs',
    )
    .addOption(new Option('--from <rung>', 'the lowest rung; by default the first'))
    .addOption(new Option('--to <rung>', 'the highest rung; by default the last'))
    .addOption(new Option('--rung <rungs>', 'only these rungs').argParser(list))
    .addOption(new Option('--scenario <names>', 'only these scenarios').argParser(list))
    .addOption(
      new Option(
        '--with <patches>',
        'a line more: base, or the highest rung shown with --without, and these',
      ).argParser(list),
    )
    .addOption(
      new Option(
        '--without <patches>',
        'a line more: the highest rung shown, but not these',
      ).argParser(list),
    )
    .addOption(
      new Option('--preemptions <p>', 'so many are enough where not everything can be looked at')
        .argParser(wholeNumber(0, preemptionsCeiling))
        .default(ladderDefaults.preemptions),
    )
    .addOption(
      new Option('--states <n>', 'states of each search')
        .argParser(wholeNumber(1, limits.statesCeiling))
        .env('RACEWALK_STATES')
        .default(ladderDefaults.states),
    )
    .addOption(
      new Option('--runs <n>', 'schedules that are sampled where these did not suffice')
        .argParser(wholeNumber(0, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(ladderDefaults.runs),
    )
    .addOption(
      new Option('--seed <seed>', 'where all chance comes from')
        .env('RACEWALK_SEED')
        .default(ladderDefaults.seed),
    )
    .addOption(
      new Option('--steps-max <n>', 'steps of one execution before it is cut off')
        .argParser(wholeNumber(1, limits.stepsCeiling))
        .env('RACEWALK_STEPS_MAX')
        .default(limits.stepsMax),
    )
    .option('--no-dependencies', 'do not leave each patch out below the later rungs')
    .option('--no-elisions', 'do not flip the elisions')
    .addOption(jsonFlag().conflicts('markdown'))
    .option('--markdown', 'print the table as Markdown')
    .addOption(outFlag())
    .addOption(watchdogFlag())
    .addHelpText(
      'after',
      '\nThe exit code is that of the highest rung shown: 1 if it is broken, 4 if a budget ended before\n' +
        'everything that was asked of it was looked at, 0 otherwise. What lower rungs break is the story.',
    )
    .action(async (series: string, flags: LadderFlags) => {
      const { showLadder } = await import('../actions/ladder.js');
      finish(await showLadder(required('SERIES', series), flags));
    });
}
