// The main job of the README: the race of seed 000 before and after the patch that closes it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ExitCode, exitCodes } from './exit-codes.js';

const main = fileURLToPath(new URL('./main.js', import.meta.url));

/** Runs one command as a user would, on this terminal; returns its exit code. */
function racewalk(...args: string[]): number | null {
  process.stdout.write(`$ npx racewalk ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [main, ...args], { stdio: 'inherit' });
  process.stdout.write('\n');
  return status;
}

// Ctrl-C is for the command that runs: it reports what it has found, and this waits for it.
process.on('SIGINT', () => undefined);

const before = racewalk('explore', 'fork-vs-transfer', '--rung', 'base');
if (before === exitCodes.interrupted) process.exit(exitCodes.interrupted);
const after = racewalk('explore', 'fork-vs-transfer', '--rung', '0005');
const expected = before === exitCodes.bug && after === exitCodes.clear;
process.stdout.write(
  expected
    ? 'The race is there without patch 0005.\nThe same campaign does not find it with the patch.\n'
    : 'This is not what was expected: the race before patch 0005, and nothing after it.\n',
);
const code: ExitCode = expected ? exitCodes.clear : exitCodes.internal;
process.exitCode = code;
