// npm run scale: how long a move of many threads takes, and how much memory, for more and more of them. It fails where
// that is not linear: where a thread costs more than twice of what it costs in the smallest process.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from './one.js';

const one = fileURLToPath(new URL('./one.js', import.meta.url));
const rows = [
  ['base', 'attach'],
  ['0002', 'attach'],
  ['0007', 'attach'],
  ['0007', 'transfer'],
] as const;
/** At base the array of targets ends before the largest ones. */
const sizes = [10_000, 30_000, 86_000, 100_000, 300_000];
const megabytesMax = 2_048;

function measure(rung: string, how: string, threads: number): Measured {
  const args = ['--max-old-space-size=2048', one, rung, how, String(threads)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
}

const heads = ['rung', 'move', 'threads', 'verdict', 'returned', 'moved', 'steps', 'a thread'];
console.log(`| ${[...heads, 'setup s', 'run s', 'us a thread', 'MB'].join(' | ')} |`);
console.log(`|${' --- |'.repeat(heads.length + 4)}`);
let isLinear = true;
for (const [rung, how] of rows) {
  let first: number | undefined;
  for (const threads of sizes) {
    const { verdict, ret, moved, steps, setup, run, megabytes } = measure(rung, how, threads);
    const microseconds = ((setup + run) / threads) * 1e6;
    first ??= microseconds;
    if (microseconds > 2 * first || megabytes > megabytesMax) isLinear = false;
    const cells = [rung, how, threads, verdict, ret, moved, steps, (steps / threads).toFixed(1)];
    const times = [setup.toFixed(2), run.toFixed(2), microseconds.toFixed(1), megabytes];
    console.log(`| ${[...cells, ...times].join(' | ')} |`);
  }
}
console.log(isLinear ? 'linear, and below 2 GiB' : 'NOT linear, or above 2 GiB');
process.exitCode = isLinear ? 0 : 1;
