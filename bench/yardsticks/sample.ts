// How often a sampler fails on a program, and whether that is what a probability says.
import {
  Execution,
  GoOn,
  makeStrategy,
  type Profile,
  Profiler,
  type Program,
} from '../../scheduler/index.js';
import { isFailure } from '../../src/machine/index.js';

export interface Sampled {
  readonly runs: number;
  readonly failures: number;
}

export interface SampleOptions {
  readonly seed: string;
  readonly runs: number;
  /** What is taught of the threads; by default what the execution that switches only where it must shows. */
  readonly profile?: Profile;
}

/** Samples a program with one strategy, in blocks, failures not ending a run; it learns once, beforehand. */
export function sample(program: Program, name: string, options: SampleOptions): Sampled {
  const strategy = makeStrategy(name, options.seed);
  strategy.study?.(program, { all: true });
  const first = new Profiler(new GoOn());
  const execution = new Execution(program.build('search'), first, { all: true });
  execution.run();
  const profile = options.profile ?? first.profile;
  strategy.learn({ decisionsMax: execution.decisions, drawsMax: execution.draws, profile });
  execution.use(strategy);
  let failures = 0;
  for (let run = 0; run < options.runs; run++) {
    if (run % 256 === 0) strategy.beginBlock(run / 256);
    if (isFailure(execution.run())) failures++;
  }
  return { runs: options.runs, failures };
}

/** Each tail of a 99.9 % interval. */
const tail = 0.0005;

/**
 * Whether a probability lies within the exact binomial interval at 99.9 % (Clopper and Pearson 1934) around a sample:
 * neither so few nor so many failures are less likely than 0.05 %.
 */
export function agrees(p: number, { runs, failures }: Sampled): boolean {
  let atMost = 0;
  let below = 0;
  let log = runs * Math.log1p(-p);
  for (let k = 0; k <= failures; k++) {
    below = atMost;
    atMost += Math.exp(log);
    log += Math.log((runs - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return atMost > tail && 1 - below > tail;
}
