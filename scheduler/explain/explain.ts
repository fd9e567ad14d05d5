// Explains a counterexample: up to where it could still have ended well, which two operations decided by their order,
// and how wide the window is. Each part says what was executed, and where a search was cut off it says so.
import { describe, isFailure, signature, UsageError } from '../../src/machine/index.js';
import type { Program } from '../program.js';
import type { Schedule } from '../schedule.js';
import { type Continuations, type Effort, SearchedContinuations } from './continuations.js';
import { courseOf } from './course-of.js';
import { findCritical } from './critical.js';
import { describeCritical, describePair, describeWindow } from './describe.js';
import { Driver } from './drive.js';
import type { Explanation } from '../../src/trace/explanation.js';
import { findPair } from './pair.js';
import { Shown } from './shown.js';
import { findWindow } from './window.js';

export interface ExplainOptions extends Effort {
  /** Decides whether there is a good way to go on; by default a search of its own. */
  readonly continuations?: Continuations | undefined;
}

/**
 * Explains the failure that a schedule leads to.
 * @throws UsageError where it leads to none
 */
export function explain(
  program: Program,
  schedule: Schedule,
  options: ExplainOptions = {},
): Explanation {
  const driver = new Driver(program, options);
  const course = courseOf(driver, schedule);
  const { verdict } = driver.machine;
  if (!isFailure(verdict)) {
    throw new UsageError(`there is nothing to explain: ${describe(verdict)}`);
  }
  const sign = signature(verdict);
  const continuations = options.continuations ?? new SearchedContinuations(program, options);
  const failing = new Shown(program, schedule, course, options);
  const critical = findCritical(course, continuations);
  const deciding =
    critical.kind === 'step' && !critical.isFault
      ? findPair(program, course, critical.step, critical.good, continuations, options)
      : undefined;
  const pair = deciding && describePair(program, deciding, failing, options);
  const window =
    deciding?.kind === 'pair' && pair?.kind === 'pair'
      ? findWindow(program, course, deciding.taken, pair.other.thread, sign, options)
      : undefined;
  return {
    signature: sign,
    message: describe(verdict),
    steps: course.length,
    critical: describeCritical(critical, failing),
    pair,
    window: window && describeWindow(program, window, options),
    executions: continuations.runs,
  };
}
