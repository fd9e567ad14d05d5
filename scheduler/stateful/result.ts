// What a search by states says in the end.
import type { Finding } from '../finding.js';

/** What a search came to. */
export interface Search {
  /** Different states. */
  readonly states: number;
  /** Steps from one state to another. */
  readonly transitions: number;
  /** Ways that were followed to their end or to a known state. */
  readonly runs: number;
  /** Those that ended with a failure; each stands for all schedules that lead there. */
  readonly failures: number;
  /** Ways that were cut off by the step limit, or ended fairly before it: nothing is known of what follows. */
  readonly limited: number;
  /** Every state within the bounds was looked at. */
  readonly exhausted: boolean;
  /** The preemption bound left something out. */
  readonly bounded: boolean;
  /** The simplest of the failures looked for, among those that were come by. */
  readonly finding: Finding | undefined;
  /** The signatures of all failures, sorted. */
  readonly signatures: readonly string[];
  /** Bytes that the known states take. */
  readonly bytes: number;
}
