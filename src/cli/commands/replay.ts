// racewalk replay FILE: one recorded schedule again, bit for bit.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.js';
import { jsonFlag, required, watchdogFlag } from '../options.js';

export interface ReplayFlags {
  readonly json?: true;
  readonly full?: true;
  readonly watchdog: number;
}

export function addReplay(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('replay')
    .argument('<file>', 'a replay file that explore or prove has written')
    .description('run a recorded schedule again, and say whether it is still what was recorded')
    .option('--full', 'show every step')
    .addOption(jsonFlag())
    .addOption(watchdogFlag())
    .action(async (path: string, flags: ReplayFlags) => {
      const { replayFile } = await import('../actions/replay.js');
      finish(await replayFile(required('FILE', path), flags));
    });
}
