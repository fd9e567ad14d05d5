// A campaign hands out blocks and merges them; that the workers' timing cannot show is tested by running the blocks of
// each round in other orders than theirs.
import { describe, expect, it } from 'vitest';
import {
  type BlockOrder,
  type BlockResult,
  BlockRunner,
  Campaign,
  type CampaignOptions,
  concluded,
  defaultPortfolio,
  explore,
  type ExploreOptions,
  type Program,
  type Shard,
} from '../../../scheduler/index.js';
import { limits } from '../../../src/limits.js';
import { list } from '../../support/program.js';
import { lostUpdate, noisyUpdate, lockedUpdate } from '../../support/samples.js';

const options: CampaignOptions = { seed: '3', runs: 5_000, strategies: defaultPortfolio };

/** Runs every block of a round, the last one first, each on one of so many machines. */
function backwards(program: Program, machines: number, settings: CampaignOptions): Campaign {
  const campaign = new Campaign(settings);
  const runners = Array.from({ length: machines }, () => new BlockRunner(program, settings));
  while (!campaign.isOver) {
    const orders = campaign.nextRound();
    const results = [...orders]
      .reverse()
      .map((order, i) => (runners[i % machines] as BlockRunner).run(order))
      .reverse();
    mergeUntilOver(campaign, results);
  }
  return campaign;
}

/** What comes after the end does not count. */
function mergeUntilOver(campaign: Campaign, results: readonly BlockResult[]): void {
  for (const result of results) {
    campaign.merge(result);
    if (campaign.isOver) return;
  }
}

describe('a campaign', () => {
  it.each([
    ['finds nothing', lockedUpdate(), {}],
    ['finds something rare', noisyUpdate(6, 30), {}],
    ['finds something at once', lostUpdate(), {}],
    ['counts all', noisyUpdate(3, 4), { all: true }],
    ['counts what threads do', noisyUpdate(6, 30), { strategies: ['urw', 'pos'] }],
    ['counts interleavings', lockedUpdate(), { strategies: ['uniform', 'urw'] }],
  ])('that %s is the same whoever runs its blocks, and when', (_, program, more) => {
    const settings = { ...options, ...more };
    const expected = explore(program, settings);
    for (const machines of [1, 2, 3]) {
      const campaign = backwards(program, machines, settings);
      expect(concluded(program, campaign, settings)).toEqual(expected);
    }
  });

  it('runs each block once, in rounds that grow to their largest size', () => {
    const strategies = ['random', 'pct:2', 'pos'];
    const campaign = new Campaign({ ...options, strategies, runs: 100 * limits.blockRuns });
    const runner = new BlockRunner(lockedUpdate(), {});
    const rounds: number[][] = [];
    while (!campaign.isOver) {
      const orders = campaign.nextRound();
      rounds.push(orders.map(({ block }) => block));
      for (const order of orders) campaign.merge(runner.run(order));
    }
    const sizes = [1, 3, 3, 3, 3, 3, 3, 3, 3, 4, 8, 16, 32];
    expect(rounds.map(({ length }) => length).slice(0, sizes.length)).toEqual(sizes);
    expect(rounds.flat()).toEqual(Array.from({ length: rounds.flat().length }, (_, i) => i - 1));
    expect(campaign.runs).toBe(100 * limits.blockRuns);
  });

  it('learns between two rounds, and not within one', () => {
    const campaign = new Campaign(options);
    const runner = new BlockRunner(noisyUpdate(3, 4), { all: true });
    const learned: number[][] = [];
    for (let round = 0; round < 4; round++) {
      const orders = campaign.nextRound();
      learned.push(orders.map((order) => order.learned.decisionsMax));
      for (const order of orders) campaign.merge(runner.run(order));
    }
    expect(learned[0]).toEqual([0]);
    expect(learned[1]?.[0]).toBeGreaterThan(0);
    for (const round of learned) expect(new Set(round).size).toBe(1);
  });

  it('ends with what a cut block came to', () => {
    let asked = 0;
    const settings = { ...options, interrupted: () => ++asked > 300 };
    const campaign = new Campaign(settings);
    const runner = new BlockRunner(lockedUpdate(), settings);
    while (!campaign.isOver) {
      mergeUntilOver(
        campaign,
        campaign.nextRound().map((order) => runner.run(order)),
      );
    }
    expect(campaign.runs).toBe(300);
  });

  it('refuses a strategy that there is not', () => {
    expect(() => new Campaign({ ...options, strategies: ['luck'] })).toThrow(/no strategy "luck"/);
  });

  it.each([
    ['finds nothing', lockedUpdate(), {}],
    ['finds something', noisyUpdate(6, 30), {}],
    ['counts all', noisyUpdate(3, 4), { all: true }],
    ['is a shard', noisyUpdate(3, 4), { all: true, shard: { index: 2, of: 3 } }],
  ])(
    'that %s is the same if it is laid down and taken up again after each block',
    (_, of, more) => {
      const settings: ExploreOptions = { ...options, runs: 4_000, ...more };
      let campaign = new Campaign(settings);
      for (let blocks = 0; !campaign.isOver; blocks++) {
        expect(blocks).toBeLessThan(100);
        const [order] = campaign.nextRound();
        if (order !== undefined) campaign.merge(new BlockRunner(of, settings).run(order));
        campaign = new Campaign(settings, structuredClone(campaign.state));
      }
      expect(concluded(of, campaign, settings)).toEqual(explore(of, settings));
    },
  );
});

describe('the shards of a campaign', () => {
  /** Each block that the shard runs, and whether it is its own part. */
  const blocksOf = (shard: Shard): { order: BlockOrder; own: boolean }[] => {
    const settings = { ...options, all: true, shard };
    const campaign = new Campaign(settings);
    const runner = new BlockRunner(noisyUpdate(3, 4), settings);
    const blocks: { order: BlockOrder; own: boolean }[] = [];
    while (!campaign.isOver) {
      for (const order of campaign.nextRound()) {
        const { runs } = campaign;
        campaign.merge(runner.run(order));
        blocks.push({ order, own: campaign.runs > runs });
      }
    }
    return blocks;
  };
  const shardsOf = (of: number): Shard[] => list(of, (i) => ({ index: i + 1, of }));
  const whole = blocksOf({ index: 1, of: 1 });

  it.each([2, 3, 5, 40])('run each block once, as if they were one, where they are %i', (of) => {
    const parts = shardsOf(of).map(blocksOf);
    const own = parts.flat().filter((block) => block.own);
    own.sort((a, b) => a.order.block - b.order.block);
    expect(own).toEqual(whole);
  });

  it('learn from the first blocks only, and all the same', () => {
    const learned = shardsOf(3).map((shard) => blocksOf(shard).at(-1)?.order.learned);
    expect(new Set(learned.map((lesson) => JSON.stringify(lesson))).size).toBe(1);
    expect(learned[0]?.decisionsMax).toBeGreaterThan(0);
  });
});
