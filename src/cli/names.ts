// Names of files that racewalk writes, and words for a shell.
import { digest64 } from '../trace/hash.js';

/** The same failure of the same scenario always has the same file. */
export function replayFileName(scenario: string, rung: string | undefined, signature: string): string {
  const parts = [scenario, ...(rung === undefined ? [] : [rung])].map(plain);
  return `${parts.join('--')}--${digest64(signature).slice(0, 8)}.replay.json`;
}

function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.+_-]+/g, '-');
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,#-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
