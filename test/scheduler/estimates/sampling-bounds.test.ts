import { describe, expect, it } from 'vitest';
import { collisionBound } from '../../../scheduler/estimates/collisions.js';
import { pctBound, zeroFailureBound } from '../../../scheduler/estimates/sampling-bounds.js';
import { enumerate, Execution, Pct } from '../../../scheduler/index.js';
import { isFailure } from '../../../src/machine/index.js';
import { lostUpdate, programOf } from '../../../scenarios/index.js';

describe('no failure in N schedules', () => {
  it('bounds the part of them that fails, with a confidence', () => {
    expect(zeroFailureBound(0)).toBe(1);
    expect(zeroFailureBound(1)).toBeCloseTo(0.95, 12);
    expect(zeroFailureBound(10_000)).toBeCloseTo(1 - 0.05 ** (1 / 10_000), 12);
    expect(zeroFailureBound(10_000)).toBeCloseTo(3 / 10_000, 6);
    expect(zeroFailureBound(10_000, 0.99)).toBeCloseTo(4.6 / 10_000, 6);
  });

  it('is exactly as doubtful as it says: who fails as often as the bound passes in 1 campaign of 20', () => {
    for (const runs of [1, 7, 300])
      expect((1 - zeroFailureBound(runs)) ** runs).toBeCloseTo(0.05, 12);
  });

  it('keeps its digits where the bound is tiny', () => {
    expect(zeroFailureBound(1e15) * 1e15).toBeCloseTo(-Math.log(0.05), 6);
  });
});

describe('the bound of PCT', () => {
  it('is (1 - 1/(n k^(d-1)))^N', () => {
    expect(pctBound(3, 2, 10, 500)).toMatchObject({
      depth: 3,
      threads: 2,
      decisions: 10,
      runs: 500,
    });
    expect(pctBound(3, 2, 10, 500).perRun).toBeCloseTo(1 / 200, 12);
    expect(pctBound(3, 2, 10, 500).missed).toBeCloseTo((1 - 1 / 200) ** 500, 12);
  });

  it('is certain where there is nothing to choose, and void without runs', () => {
    expect(pctBound(2, 1, 1, 1).missed).toBe(0);
    expect(pctBound(2, 1, 1, 0).missed).toBe(1);
    expect(pctBound(3, 4, 100, 0).missed).toBe(1);
  });

  it('holds for the lost update, which has depth 2', () => {
    const program = programOf(lostUpdate);
    let decisions = 0;
    enumerate(program, {
      all: true,
      onRun: (execution) => void (decisions = Math.max(decisions, execution.decisions)),
    });
    const strategy = new Pct('7', 2);
    strategy.learn({ decisionsMax: decisions, drawsMax: 0 });
    const execution = new Execution(program.build('search'), strategy);
    strategy.beginBlock(0);
    const runs = 4_000;
    let failures = 0;
    for (let run = 0; run < runs; run++) if (isFailure(execution.run())) failures++;
    const { perRun } = pctBound(2, 2, decisions, runs);
    // Four standard deviations of the mean below what was seen is still above the promise.
    expect(failures / runs - 4 * Math.sqrt(0.25 / runs)).toBeGreaterThan(perRun);
  });
});

describe('the collisions of fingerprints', () => {
  it('are at most the pairs of states over 2^64', () => {
    expect(collisionBound(0)).toBe(0);
    expect(collisionBound(2 ** 20)).toBe(2 ** -25);
    expect(collisionBound(2 ** 40)).toBe(1);
  });
});
