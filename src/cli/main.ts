#!/usr/bin/env node
// argv to exit code. Every error that a user can do something about ends here, without a stack trace.
import { Command, CommanderError } from 'commander';
import { addExplain } from './commands/explain.js';
import { addExplore } from './commands/explore.js';
import { addMerge } from './commands/merge.js';
import { addLadder } from './commands/ladder.js';
import { addList } from './commands/list.js';
import { addLoadBearing } from './commands/load-bearing.js';
import { addProve } from './commands/prove.js';
import { addReplay } from './commands/replay.js';
import { addShow } from './commands/show.js';
import { reportError } from './errors.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { version } from './version.js';

// Whoever reads the output may stop reading, like head(1): that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const program = new Command('racewalk')
  .description('Explore, prove and replay kernel races, deterministically.')
  .version(version)
  .showHelpAfterError('(racewalk --help lists the commands)')
  .exitOverride();

let exitCode: ExitCode = exitCodes.clear;
const finish = (code: ExitCode): void => {
  exitCode = code;
};
const commands = [
  addList,
  addExplore,
  addProve,
  addLadder,
  addMerge,
  addReplay,
  addShow,
  addExplain,
  addLoadBearing,
];
for (const add of commands) add(program, finish);

try {
  await program.parseAsync();
} catch (error) {
  exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? exitCodes.clear
        : exitCodes.usage
      : reportError(error);
}
process.exitCode = exitCode;
