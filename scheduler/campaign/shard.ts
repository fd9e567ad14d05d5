// A shard: one of n parts of a campaign, for n machines that know nothing of each other. Shard i runs every n-th block.
// A block depends on what the rounds before have taught, and that must be the same in all shards; so in a campaign with
// shards only the first few blocks teach, and every shard runs these itself. Only the shard whose part they are counts
// them. The shards together have run each block of the campaign once, and it is the same campaign for any n.
import { limits } from '../../src/limits.js';
import { openingBlock } from './plan.js';

export interface Shard {
  /** From 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

/** Whether a block is the shard's own part; without shards every block is. */
export function counts(shard: Shard | undefined, block: number): boolean {
  if (shard === undefined) return true;
  const owner = block === openingBlock ? 1 : 1 + (block % shard.of);
  return owner === shard.index;
}

/** Whether others learn from a block. */
export function teaches(shard: Shard | undefined, block: number): boolean {
  return shard === undefined || block < limits.shardLessons;
}

/** Whether the shard runs a block, be it only for its lesson. */
export function runsBlock(shard: Shard | undefined, block: number): boolean {
  return counts(shard, block) || teaches(shard, block);
}
