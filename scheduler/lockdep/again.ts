// A lock report from its schedules: what a replay of it does.
import { signature } from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import { Follow } from '../strategies/follow.js';
import { classify } from './classify.js';
import { findCycles } from './cycles.js';
import { LockGraph } from './graph.js';
import { verdictOf } from './judge.js';

/** The signatures of the cycles that these schedules make together. */
export function signaturesOf(
  program: Program,
  schedules: readonly Schedule[],
  options: RunOptions,
): string[] {
  const graph = new LockGraph();
  const follow = new Follow([], () => execution.asked, false);
  const execution: Execution = new Execution(program.build('search'), follow, options);
  for (const schedule of schedules) {
    follow.follow(schedule);
    execution.run();
    graph.collect(execution);
  }
  return findCycles(graph.dependencies()).map((cycle) =>
    signature(verdictOf({ ...classify(cycle), cycle })),
  );
}
