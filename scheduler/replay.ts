// Runs one schedule in trace gear: every value, lock and call is recorded, every choice gets a label that people
// understand, and digests of the state make a later drift show where it begins.
import { limits } from '../src/limits.js';
import type { Machine, MachineEvent, Operation, Tracer, Verdict } from '../src/machine/index.js';
import { digest64 } from '../src/trace/hash.js';
import { TraceRecorder } from '../src/trace/recorder.js';
import type { Trace } from '../src/trace/trace.js';
import { Execution } from './execution.js';
import { type Finding, findingOf } from './finding.js';
import type { Program, RunOptions } from './program.js';
import type { Choice, Schedule } from './schedule.js';
import { Follow, ScheduleMismatch } from './strategies/follow.js';

/** The state after a step, as a 64-bit hash. */
export interface StateDigest {
  readonly step: number;
  readonly digest: string;
}

export interface LabelledChoice extends Choice {
  /** What the choice lets happen: thread, function, operation and which visit of it. */
  readonly label: string;
}

export interface Replay {
  readonly trace: Trace;
  readonly finding: Finding;
  readonly choices: readonly LabelledChoice[];
  readonly digests: readonly StateDigest[];
  /** The first choice that was not possible; the rest of the schedule was not followed. */
  readonly mismatch: ScheduleMismatch | undefined;
}

export interface ReplayOptions extends RunOptions {
  /** For the trace: what the rung is called. */
  readonly rung?: string | undefined;
  /** Steps between two digests; by default so that there are at most limits.digestsMax. */
  readonly digestSteps?: number | undefined;
}
