// Names of files that racewalk writes, and words for a shell.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { hash64 } from '../trace/hash.js';
import type { ReplayFile } from '../trace/replay-file.js';

/** The same failure of the same scenario always has the same file, and no other one has it. */
export function replayFileName({ scenario, rung, verdict }: ReplayFile): string {
  const parts = [scenario.name, ...(rung === undefined ? [] : [rung.label])].map(plain);
  const identity = hash64([scenario.module ?? '', verdict.signature].join('\n'));
  return `${parts.join('--')}--${identity.slice(0, 8)}.replay.json`;
}

/** The failure as it happens on a model that was edited: the file that was replayed is not written over. */
export function renewedFileName(file: ReplayFile): string {
  const { choices, digests, verdict } = file;
  const state = hash64(JSON.stringify([choices, digests, verdict.signature])).slice(0, 8);
  return replayFileName(file).replace(/\.replay\.json$/, `--now-${state}.replay.json`);
}

function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.+_-]+/g, '-');
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,#-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A module's path as replay files have it: relative to here, with slashes. */
export function portableModule(path: string | undefined): string | undefined {
  return path === undefined ? undefined : relative(process.cwd(), path).split(sep).join('/');
}

/** The reverse. */
export function absoluteModule(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return isAbsolute(path) ? path : resolve(path);
}

/** `1 step`, `1,024 steps` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
