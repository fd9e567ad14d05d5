// A failing execution, as data: enough to run it again and to say how much it took.
import { type Machine, signature, type Verdict } from '../src/machine/index.js';
import type { LockReport } from '../src/trace/lock-report.js';
import type { Schedule } from './schedule.js';

export interface Finding {
  readonly verdict: Verdict;
  /** Equal for two executions that show the same bug. */
  readonly signature: string;
  readonly schedule: Schedule;
  readonly steps: number;
  readonly switches: number;
  readonly preemptions: number;
  /** For an open report of lockdep: its schedule only shows the last of the dependencies. */
  readonly report?: LockReport;
}

/** An execution that has ended. */
export interface Ended {
  readonly machine: Machine;
  readonly recorder: { readonly copy: () => Schedule };
  readonly steps: number;
  readonly switches: number;
  readonly preemptions: number;
}

/** What the execution that has just ended came to. */
export function findingOf(execution: Ended): Finding {
  const verdict = execution.machine.verdict;
  return {
    verdict,
    signature: signature(verdict),
    schedule: execution.recorder.copy(),
    steps: execution.steps,
    switches: execution.switches,
    preemptions: execution.preemptions,
  };
}

/** True if `a` is easier to read than `b`: fewer preemptions, then fewer switches, then fewer steps. */
export function isSimpler(a: Finding, b: Finding): boolean {
  if (a.preemptions !== b.preemptions) return a.preemptions < b.preemptions;
  if (a.switches !== b.switches) return a.switches < b.switches;
  if (a.steps !== b.steps) return a.steps < b.steps;
  return a.schedule.length < b.schedule.length;
}
