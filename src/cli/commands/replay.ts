// racewalk replay FILE: one recorded schedule again, bit for bit; on an edited model by its labels, or by a search.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import { jsonFlag, outFlag, required, watchdogFlag, wholeNumber } from '../options.js';

export interface ReplayFlags {
  readonly json?: true;
  readonly full?: true;
  readonly runs: number;
  readonly out: string;
  readonly watchdog: number;
}

export function addReplay(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('replay')
    .argument('<file>', 'a replay file that explore or prove has written')
    .description(
      'run a recorded schedule again; where the model has changed, find the failure again by labels or by a search',
    )
    .addOption(
      new Option('--runs <n>', 'executions of that search; 0 for none')
        .argParser(wholeNumber(0, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(limits.replayRunsDefault),
    )
    .option('--full', 'show every step')
    .addOption(jsonFlag())
    .addOption(outFlag())
    .addOption(watchdogFlag())
    .action(async (path: string, flags: ReplayFlags) => {
      const { replayFile } = await import('../actions/replay.js');
      finish(await replayFile(required('FILE', path), flags));
    });
}
