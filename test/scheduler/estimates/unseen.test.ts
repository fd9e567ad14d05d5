import { describe, expect, it } from 'vitest';
import { ClassCount, massBound, type Unseen } from '../../../scheduler/estimates/unseen.js';
import { Random } from '../../../src/random.js';

/** Samples a distribution over classes, and says what is estimated and what is true. */
function sample(
  weights: readonly number[],
  samples: number,
  seed: string,
): { readonly estimate: Unseen; readonly missing: number } {
  const random = new Random(seed);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const count = new ClassCount();
  const missing = new Map(weights.entries());
  for (let i = 0; i < samples; i++) {
    let left = random.below(total);
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    count.add(String(found));
    missing.delete(found);
  }
  const mass = [...missing.values()].reduce((sum, weight) => sum + weight, 0) / total;
  return { estimate: count.unseen(), missing: mass };
}

const shapes: readonly (readonly [string, readonly number[]])[] = [
  ['all alike', new Array<number>(1_000).fill(1)],
  ['each half as likely as the one before', Array.from({ length: 16 }, (_, i) => 2 ** i)],
  ['few common ones, many rare ones', [3_000, 2_000, ...new Array<number>(5_000).fill(1)]],
];

describe('what has not been seen', () => {
  it('is all of it before the first sample', () => {
    expect(new ClassCount().unseen()).toMatchObject({
      samples: 0,
      classes: 0,
      mass: 1,
      massAtMost: 1,
    });
  });

  it('counts classes seen once and twice', () => {
    const count = new ClassCount();
    for (const fingerprint of 'aabccde') count.add(fingerprint);
    expect(count.unseen()).toEqual({
      samples: 7,
      classes: 5,
      once: 3,
      twice: 2,
      mass: 3 / 7,
      massAtMost: 1,
      classesEstimated: 5 + 9 / 4,
    });
  });

  it.each(shapes)('is estimated well: %s', (_, weights) => {
    const differences = Array.from({ length: 50 }, (_unused, i) => {
      const { estimate, missing } = sample(weights, 1_000, `unseen/${String(i)}`);
      return estimate.mass - missing;
    });
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
  });

  it.each(shapes)('is bounded in at least 19 of 20 campaigns: %s', (_, weights) => {
    let broken = 0;
    for (let i = 0; i < 100; i++) {
      const { estimate, missing } = sample(weights, 300, `bound/${String(i)}`);
      if (missing > estimate.massAtMost) broken++;
    }
    expect(broken).toBeLessThanOrEqual(5);
  });

  it('has a bound that comes closer with more samples', () => {
    expect(massBound(0, 4_096)).toBeLessThan(0.075);
    expect(massBound(0, 1_000_000)).toBeLessThan(0.005);
    expect(massBound(5, 10)).toBe(1);
  });
});
