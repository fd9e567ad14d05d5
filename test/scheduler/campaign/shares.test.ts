import { describe, expect, it } from 'vitest';
import {
  BlockRunner,
  Campaign,
  Execution,
  GoOn,
  makeStrategy,
  type Program,
} from '../../../scheduler/index.js';
import { Scout } from '../../../scheduler/campaign/scout.js';
import { Shares } from '../../../scheduler/campaign/shares.js';
import { ainc, readers, rw } from '../../../bench/yardsticks/programs/memory.js';
import { philosophersInOrder } from '../../../bench/yardsticks/programs/philosophers.js';

const times = (names: readonly string[], name: string): number =>
  names.filter((one) => one === name).length;

describe('the shares of strategies', () => {
  it('are even at first, in turn, and once each for a name that is given twice', () => {
    const shares = new Shares(['a', 'b', 'a', 'c']);
    expect(shares.handOut(3)).toEqual(['a', 'b', 'c']);
    expect(shares.handOut(3).sort()).toEqual(['a', 'b', 'c']);
  });

  it('grow with new kinds of schedules, and never fall below half of an even one', () => {
    const shares = new Shares(['dull', 'keen']);
    for (let round = 0; round < 20; round++) {
      shares.saw('dull', [1, 1, 1, 1]);
      shares.saw(
        'keen',
        [0, 1, 2, 3].map((i) => 10 + 4 * round + i),
      );
    }
    const [dull = 0, keen = 0] = shares.parts;
    expect(dull + keen).toBeCloseTo(1, 12);
    expect(dull).toBeGreaterThan(0.25);
    expect(dull).toBeLessThan(0.3);
    expect(times(shares.handOut(100), 'keen')).toBe(Math.round(100 * keen));
  });

  it('come back to even ones when nobody shows anything new', () => {
    const shares = new Shares(['a', 'b']);
    shares.saw('a', [1, 2, 3, 4]);
    for (let round = 0; round < 30; round++) {
      shares.saw('a', [1, 2]);
      shares.saw('b', [1, 2]);
      shares.handOut(2);
    }
    expect(shares.parts[0]).toBeCloseTo(0.5, 2);
  });

  it('go on where they were laid down', () => {
    const shares = new Shares(['a', 'b', 'c']);
    shares.saw('b', [1, 2, 3, 3]);
    shares.handOut(4);
    shares.saw('c', [4]);
    const other = new Shares(['a', 'b', 'c']);
    other.takeUp(structuredClone(shares.state));
    for (const one of [shares, other]) one.saw('a', [3, 4, 5]);
    expect(other.state).toEqual(shares.state);
    expect(other.handOut(9)).toEqual(shares.handOut(9));
  });

  it('make up later for what was short', () => {
    const shares = new Shares(['a', 'b', 'c']);
    const names = Array.from({ length: 30 }, () => shares.handOut(1)).flat();
    for (const name of ['a', 'b', 'c']) expect(times(names, name)).toBe(10);
  });

  it('of a campaign go to those who show more: a walk that is always the same gets its floor', () => {
    const strategies = ['go-on', 'random'];
    const campaign = new Campaign({ seed: '1', runs: 40_000, strategies, all: true });
    const runner = new BlockRunner(rw(6), { all: true });
    while (!campaign.isOver) {
      for (const order of campaign.nextRound()) campaign.merge(runner.run(order));
    }
    const [still, random] = campaign.sampled;
    expect(still?.strategy).toBe('go-on');
    expect(still?.runs).toBeGreaterThan(40_000 / 4.5);
    expect(random?.runs).toBeGreaterThan(2 * (still?.runs ?? 0));
  });
});

describe('the kind of a schedule', () => {
  function kinds(program: Program): number {
    const strategy = makeStrategy('random', '1');
    const scout = new Scout(strategy);
    const execution = new Execution(program.build('search'), scout);
    const seen = new Set<number>();
    for (let run = 0; run < 3_000; run++) {
      execution.run();
      seen.add(scout.kind);
    }
    return seen.size;
  }

  it.each([
    [readers(4), 16],
    [ainc(4), 24],
    [philosophersInOrder(3), 6],
  ])('is its Mazurkiewicz trace where steps name what they meet in', (program, traces) => {
    expect(kinds(program)).toBe(traces);
  });

  it('changes no schedule', () => {
    const execution = new Execution(ainc(3).build('search'), new Scout(new GoOn()));
    execution.run();
    expect(execution.recorder.count).toBe(0);
  });
});
