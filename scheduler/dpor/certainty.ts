// Of which steps it is known beforehand what they will read and change in a state where they were never taken: those that
// touch one cell, or one lock with one holder. Of all others, wake-ups and queues above all, it depends on the state, and
// has to be found out by taking them.
import type { Cell, Primitive } from '../../src/machine/index.js';
import { ExclusiveLock } from '../../src/machine/locks/exclusive.js';
import { JOIN, SPAWN } from '../../src/machine/spawn.js';
import type { Branch } from './branch.js';
import type { Steps } from './steps.js';

/** A step that a thread waits to take when an execution has ended. */
export interface Waiting {
  readonly branch: Branch;
  readonly isCertain: boolean;
  /** The races of the step: an earlier step, then as ~step those that are to be undone besides. */
  readonly races: readonly number[];
}

/** Whether the step has the same footprint wherever its thread takes it, but for what the values of its cell decide. */
export function isCertain(steps: Steps, step: number): boolean {
  if ((steps.ways[step] as number) > 0) return false;
  if (!isSimple(steps.primitives[step] as Primitive, steps.subjects[step])) return false;
  const { cells, cellOf } = steps.footprints;
  const end = steps.endOfEntries(step);
  for (let at = steps.firstEntry(step); at < end; at++) {
    // A property may look at one thing or the other.
    if ((cellOf[cells[at] as number] as Cell<unknown>).isWatched) return false;
  }
  return true;
}

export function isSimple(primitive: Primitive, subject: unknown): boolean {
  if (primitive === SPAWN || primitive === JOIN) return true;
  if (primitive.lock !== undefined) return subject instanceof ExclusiveLock;
  return (
    primitive.access !== undefined && (subject as { isRefcount?: boolean }).isRefcount === false
  );
}
