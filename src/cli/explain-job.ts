// explain, inside the worker: a recorded failure, or the one that a search finds, is run again and explained.
import { explain, type Explanation } from '../../scheduler/explain/index.js';
import type { Program, RunOptions } from '../../scheduler/index.js';
import { limits } from '../limits.js';
import { isFailure } from '../machine/index.js';
import type { ExplainJob, ExplainResult, Shown } from './job.js';
import { recordedProgram, replayOf } from './replay-job.js';
import { runSearch } from './search-job.js';
import type { Reporter } from './worker.js';

export async function runExplain(
  { of, runs }: ExplainJob,
  reporter: Reporter,
): Promise<ExplainResult> {
  const search = 'kind' in of ? await runSearch(of, reporter) : undefined;
  const file = 'kind' in of ? search?.shown?.replay : of;
  if (file === undefined) {
    return { kind: 'explain', search, again: undefined, explanation: undefined };
  }
  const recorded = await recordedProgram(file, reporter);
  const again = replayOf(file, recorded, runs);
  // What lockdep reports comes from several schedules: no single one fails.
  const isExplicable =
    again.how !== 'no longer' && file.dependencies === undefined && isFailure(again.trace.verdict);
  const { choices } = again.again?.renewed ?? file;
  const explanation = isExplicable
    ? explain(recorded.program, choices, recorded.options)
    : undefined;
  return { kind: 'explain', search, again, explanation };
}

/** For the end of a search: what can be said at little cost; undefined where no schedule leads to the failure. */
export function explainBriefly(
  program: Program,
  { finding: { report }, replay }: Pick<Shown, 'finding' | 'replay'>,
  options: RunOptions,
): Explanation | undefined {
  if (report !== undefined || options.interrupted?.() === true) return undefined;
  const steps = limits.explainBrieflySteps;
  return explain(program, replay.choices, {
    ...options,
    stepsInAll: steps,
    stepsPerAnswer: steps / 2,
  });
}
