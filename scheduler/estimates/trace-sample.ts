// How many traces a random walk has not come to yet. Some of a campaign's blocks are run again, on a machine of their own
// on which every access is told; so a campaign costs nothing more per step, and its runs are what is judged.
import type { BlockOrder } from '../campaign/block.js';
import { Execution } from '../execution.js';
import type { Program, RunOptions } from '../program.js';
import { GoOn } from '../strategies/go-on.js';
import { makeStrategy } from '../strategies/index.js';
import { TraceFingerprint } from './trace-fingerprint.js';
import { ClassCount, type Unseen } from './unseen.js';

export interface TraceSample {
  readonly unseen: Unseen;
  readonly steps: number;
}

/**
 * Runs blocks again and counts the traces of their executions. A block that is begun is run to its end, so that what is
 * counted does not depend on the clock.
 * @param orders of one strategy, alike in all but their chance
 * @param stepsMax no block is begun after so many steps
 */
export function sampleTraces(
  program: Program,
  orders: readonly BlockOrder[],
  stepsMax: number,
  options: RunOptions,
): TraceSample {
  const machine = program.build('search');
  const fingerprint = new TraceFingerprint(new GoOn(), machine);
  const execution = new Execution(machine, fingerprint, options);
  const count = new ClassCount();
  let steps = 0;
  for (const order of orders) {
    if (steps >= stepsMax || options.interrupted?.() === true) break;
    const strategy = makeStrategy(order.strategy, order.seed);
    strategy.learn(order.learned);
    strategy.beginBlock(order.block);
    fingerprint.use(strategy);
    for (let run = 0; run < order.runs; run++) {
      options.interrupted?.();
      execution.run();
      steps += execution.steps;
      count.add(fingerprint.take());
    }
  }
  return { unseen: count.unseen(), steps };
}
