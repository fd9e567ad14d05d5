import { describe, expect, it } from 'vitest';
import { Random, streamName } from '../src/random.js';

const draws = (random: Random, count: number, bound = 1000): number[] =>
  Array.from({ length: count }, () => random.below(bound));

describe('a stream of chance', () => {
  it('is the same on every machine', () => {
    expect(draws(new Random('1/random/schedule/0'), 12)).toEqual([
      890, 497, 355, 209, 796, 976, 437, 209, 719, 182, 644, 939,
    ]);
    expect(draws(new Random('1/random/data/0'), 12)).toEqual([
      122, 873, 136, 889, 149, 882, 275, 991, 229, 332, 759, 591,
    ]);
  });

  it('is the same whenever it begins again, wherever it was left', () => {
    const random = new Random('seed');
    const first = draws(random, 200);
    for (const drawn of [0, 1, 63, 64, 65]) {
      random.restart('another');
      draws(random, drawn);
      random.restart('seed');
      expect(draws(random, 200)).toEqual(first);
    }
  });

  it('is not shifted by draws from another one', () => {
    const alone = draws(new Random('a'), 150);
    const a = new Random('a');
    const b = new Random('b');
    const beside = Array.from({ length: 150 }, () => {
      b.below(7);
      return a.below(1000);
    });
    expect(beside).toEqual(alone);
  });

  it('differs from the streams of other seeds, purposes and blocks', () => {
    const names = [
      streamName('1', 'random/schedule', 0),
      streamName('1', 'random/schedule', 1),
      streamName('1', 'random/data', 0),
      streamName('2', 'random/schedule', 0),
    ];
    expect(new Set(names).size).toBe(4);
    const streams = names.map((name) => draws(new Random(name), 100).join());
    expect(new Set(streams).size).toBe(4);
  });

  it('draws every number below its bound about equally often, and no other', () => {
    const counts = new Array<number>(7).fill(0);
    const random = new Random('fair');
    for (let i = 0; i < 70_000; i++) {
      const drawn = random.below(7);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts).toHaveLength(7);
    // Six standard deviations of a binomial with 70 000 trials of probability 1/7.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(560);
  });

  it('draws only zero below one', () => {
    expect(new Set(draws(new Random('seed'), 100, 1))).toEqual(new Set([0]));
  });

  it('draws fractions evenly, finer than 32 bits, across the ends of its buffer', () => {
    const random = new Random('fine');
    random.below(2);
    let sum = 0;
    let fine = 0;
    for (let i = 0; i < 10_000; i++) {
      const drawn = random.fraction();
      expect(drawn).toBeGreaterThanOrEqual(0);
      expect(drawn).toBeLessThan(1);
      sum += drawn;
      if (!Number.isInteger(drawn * 2 ** 32)) fine++;
    }
    // Six standard deviations of the mean of 10 000 even draws.
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.0174);
    expect(fine).toBeGreaterThan(9_990);
  });
});
