// Which blocks make up the rounds of a campaign. Everything in a round may run at the same time: what one block
// teaches reaches the others with the next round only. Rounds begin with one short block for each strategy, so that the
// first lessons come soon and none has to wait for long; then the blocks grow, and then their number, until many cores
// have something to do. None of this depends on how many cores there are.
import { limits } from '../../src/limits.js';

/** The block that is not sampled: one execution that switches only where it must. */
export const openingBlock = -1;

/** How many executions a block of a round has; the rounds are counted from 0, and the first one after the opening is 0. */
export function runsOfBlock(round: number): number {
  return Math.min(limits.firstBlockRuns * 2 ** round, limits.blockRuns);
}

/** How many blocks a round has: while they are short, one for each strategy. */
export function blocksOfRound(round: number, strategies: number): number {
  if (runsOfBlock(round) < limits.blockRuns) return strategies;
  const grown = (limits.firstBlockRuns * 2 ** round) / limits.blockRuns;
  return Math.max(strategies, Math.min(grown, limits.roundBlocksMax));
}
