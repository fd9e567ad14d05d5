// racewalk load-bearing SCENARIO: what its properties stand on.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { MemoryOrder } from '../../machine/index.js';
import type { ExitCode } from '../exit-codes.js';
import {
  addRungFlags,
  jsonFlag,
  required,
  type RungFlags,
  scenarioArgument,
  watchdogFlag,
  wholeNumber,
} from '../options.js';

export interface LoadBearingFlags extends RungFlags {
  readonly preemptions: number;
  readonly runs: number;
  readonly samples: number;
  readonly seed: string;
  readonly stepsMax: number;
  readonly memory?: MemoryOrder;
  readonly json?: true;
  readonly watchdog: number;
}

/** Executions for each row of the table: some seconds for a kernel scenario in all. */
const runsDefault = 5_000;
const samplesDefault = 500;

export function addLoadBearing(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('load-bearing')
    .argument(...scenarioArgument)
    .description(
      'leave out each lock, second look and reference in turn, and say which property dies',
    )
    .addOption(
      new Option('--preemptions <p>', 'run every schedule with at most this many')
        .argParser(wholeNumber(0, 1_000))
        .default(1),
    )
    .addOption(
      new Option('--runs <n>', 'executions of that, for each row')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .default(runsDefault),
    )
    .addOption(
      new Option('--samples <n>', 'schedules that are sampled besides, for each row')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .default(samplesDefault),
    )
    .addOption(
      new Option('--seed <seed>', 'where all chance comes from').env('RACEWALK_SEED').default('1'),
    )
    .addOption(
      new Option('--steps-max <n>', 'steps of one execution before it is cut off')
        .argParser(wholeNumber(1, limits.stepsCeiling))
        .env('RACEWALK_STEPS_MAX')
        .default(limits.stepsMax),
    )
    .addOption(
      new Option('--memory <order>', "by default the scenario's own").choices(['sc', 'tso']),
    )
    .addOption(jsonFlag())
    .addOption(watchdogFlag());
  addRungFlags(command).action(async (scenario: string, flags: LoadBearingFlags) => {
    const { showLoadBearing } = await import('../actions/load-bearing.js');
    finish(await showLoadBearing(required('SCENARIO', scenario), flags));
  });
}
