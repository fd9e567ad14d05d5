// Which blocks make up the rounds of a campaign. Everything in a round may run at the same time: what one block
// teaches reaches the others with the next round only. Rounds begin small, so that the first lessons come soon, and
// grow until many cores have something to do. None of this depends on how many cores there are.
import { limits } from '../../src/limits.js';

/** The block that is not sampled: one execution that switches only where it must. */
export const openingBlock = -1;

/** How many blocks a round has; the rounds are counted from 0, and the first one after the opening is 0. */
export function blocksOfRound(round: number): number {
  return Math.min(2 ** round, limits.roundBlocksMax);
}

/** The strategy of a block: they take turns. */
export function strategyOfBlock(strategies: readonly string[], block: number): string {
  return strategies[block % strategies.length] as string;
}
