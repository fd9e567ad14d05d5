// A moment of an execution, so that a later one can be compared with it: the state, by a mark in the journal, and
// where each thread stood, by what it has seen since the loop head that it passed last.
import type { Journal } from '../journal.js';

/** What a thread has seen since it was last at a loop's head, and the live locals there. */
export type Seen = readonly unknown[];

export interface Snapshot {
  /** Steps until then. */
  readonly tick: number;
  /** Where the journal stood. */
  readonly mark: number;
  readonly threads: number;
  /** By thread; undefined for one that has met no loop, which is where it was only if it has not moved. */
  readonly seen: readonly (Seen | undefined)[];
}

export function sameSeen(a: Seen, b: Seen): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (!Object.is(a[n], b[n])) return false;
  return true;
}

/** Nothing at all was stored since. */
export function isUntouched(journal: Journal, { mark }: Snapshot): boolean {
  return journal.length === mark;
}
