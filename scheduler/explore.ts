// A sampling campaign: many executions under a portfolio of strategies, in rounds of blocks. Everything random comes
// from the seed and the number of the block, and learning happens between rounds only, so a campaign is the same
// on every machine and for any number of workers. Here one worker runs it, block by block. A planted race must be
// found by the same strategies, or the campaign has verified nothing.
import { limits } from '../src/limits.js';
import type { FaultTally } from '../src/machine/index.js';
import type { LockReport } from '../src/trace/lock-report.js';
import { type BlockResult, BlockRunner } from './campaign/block.js';
import { Campaign, type CampaignOptions, type FoundIn } from './campaign/campaign.js';
import { openingBlock } from './campaign/plan.js';
import { canaryIsFound } from './canary.js';
import { type SamplingLimits, samplingLimits } from './estimates/sample-books.js';
import { sampleTraces } from './estimates/trace-sample.js';
import type { Finding } from './finding.js';
import { judge } from './lockdep/judge.js';
import type { OutcomeTable } from './outcomes.js';
import type { Program, RunOptions } from './program.js';
import { makeStrategy } from './strategies/index.js';

export interface ExploreOptions extends RunOptions, CampaignOptions {
  readonly all?: boolean | undefined;
  /** Count the different outcomes. */
  readonly outcomes?: boolean | undefined;
  readonly onProgress?: ((progress: ExploreProgress) => void) | undefined;
  /** Hears of the first failure as soon as it is found. */
  readonly onFinding?: ((finding: Finding, runs: number) => void) | undefined;
}

export interface ExploreProgress {
  readonly runs: number;
  readonly failures: number;
}

export interface Exploration {
  /** `not verified`: the planted race was not found, so that finding nothing means nothing. */
  readonly outcome: 'broken' | 'not found' | 'not verified';
  /** The first failure, as it was found. */
  readonly finding: Finding | undefined;
  /** The strategy that found it. */
  readonly strategy: string | undefined;
  /** The execution that found it; undefined where none of the campaign's own did. */
  readonly foundIn: FoundIn | undefined;
  /** Executions, the failing one included. */
  readonly runs: number;
  readonly failures: number;
  readonly limited: number;
  readonly steps: number;
  /** The strategies that ran, with their executions; the first execution, which switches only where it must, is none. */
  readonly sampled: readonly { readonly strategy: string; readonly runs: number }[];
  /** The strategies that did not find the planted race. */
  readonly blind: readonly string[];
  /** What was found nothing with, and what that may have missed; undefined where a failure was found. */
  readonly limits: SamplingLimits | undefined;
  /** What the executions came to, where that was asked for. */
  readonly outcomes: OutcomeTable | undefined;
  /** What became of the places where something was to fail. */
  readonly faults: readonly FaultTally[];
  readonly interrupted: boolean;
  /** Cycles of lock dependencies, and whether a schedule closes them. */
  readonly lockdep: readonly LockReport[];
}

/** Runs the campaign until its first failure, or, with `all`, to its end. */
export function explore(program: Program, options: ExploreOptions): Exploration {
  const campaign = new Campaign(options);
  const runner = new BlockRunner(program, options);
  while (!campaign.isOver) runRound(campaign, runner, options);
  return concluded(program, campaign, options);
}

/**
 * Runs the next round here, one block after the other.
 * @param onResult hears of each result before it is merged
 */
export function runRound(
  campaign: Campaign,
  runner: BlockRunner,
  options: ExploreOptions,
  onResult?: (result: BlockResult) => void,
): void {
  for (const order of campaign.nextRound()) {
    const { runs, finding: known } = campaign;
    const result = runner.run(order, ({ finding, run }) => {
      if (known === undefined) options.onFinding?.(finding, runs + run);
    });
    onResult?.(result);
    campaign.merge(result);
    if (order.block !== openingBlock) {
      options.onProgress?.({ runs: campaign.runs, failures: campaign.failures });
    }
    if (campaign.isOver) return;
  }
}

/** What a campaign that is over has come to, the locks included. */
export function concluded(
  program: Program,
  campaign: Campaign,
  options: ExploreOptions,
): Exploration {
  const blind = options.strategies.filter(
    (name) => !canaryIsFound(makeStrategy(name, options.seed)),
  );
  const { strategy, foundIn, runs, failures, limited, steps, sampled, faults, graph } = campaign;
  const end = { clear: undefined, failed: campaign.finding !== undefined, seed: options.seed };
  const { reports, finding: locking } = judge(program, graph, end, options);
  const finding = campaign.finding ?? locking;
  const outcome =
    finding !== undefined ? 'broken' : blind.length > 0 ? 'not verified' : 'not found';
  return {
    outcome,
    limits: finding === undefined ? limitsOf(program, campaign, options) : undefined,
    outcomes: options.outcomes === true ? campaign.histogram.table : undefined,
    finding,
    strategy: finding === locking && locking !== undefined ? 'lockdep' : strategy,
    foundIn,
    runs,
    failures,
    limited,
    steps,
    lockdep: reports,
    sampled,
    blind,
    faults,
    interrupted: options.interrupted?.() === true,
  };
}

/** What the campaign may have missed. Some of its blocks are run again for that. */
function limitsOf(program: Program, campaign: Campaign, options: ExploreOptions): SamplingLimits {
  const { books, steps } = campaign;
  if (books.alike.length === 0) return samplingLimits(books, undefined);
  const stepsMax = steps / limits.traceSampleShare;
  const { unseen } = sampleTraces(program, books.alike, stepsMax, options);
  return samplingLimits(books, unseen.samples === 0 ? undefined : unseen);
}
