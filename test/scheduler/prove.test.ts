import { describe, expect, it } from 'vitest';
import { deadlock01, twostage } from '../../bench/yardsticks/programs/bugs.js';
import { philosophersInOrder } from '../../bench/yardsticks/programs/philosophers.js';
import { enumerate, prove } from '../../scheduler/index.js';
import { program } from '../support/program.js';
import { allocations, lockedUpdate, lostUpdate } from '../support/samples.js';

describe('a search of all schedules', () => {
  it('proves what holds, over as many schedules as there are', () => {
    const proof = prove(philosophersInOrder(3), { engine: 'enumerate' });
    expect(proof).toMatchObject({
      outcome: 'proved',
      finding: undefined,
      complete: true,
      exhaustedTo: Infinity,
      schedules: 142,
      failures: 0,
      limited: 0,
      interrupted: false,
    });
    expect(proof.schedules).toBe(enumerate(philosophersInOrder(3)).runs);
  });

  it('finds the failure with the fewest preemptions', () => {
    for (const broken of [deadlock01(), twostage(1, 1), lostUpdate()]) {
      const proof = prove(broken);
      expect(proof).toMatchObject({ outcome: 'broken', minimal: true, exhaustedTo: 0 });
      expect(proof.finding?.preemptions).toBe(1);
    }
  });

  it('finds a failure that needs no preemption at the first bound', () => {
    const proof = prove(allocations(1));
    expect(proof).toMatchObject({ outcome: 'broken', minimal: true, exhaustedTo: -1 });
    expect(proof.finding?.preemptions).toBe(0);
  });

  it('within a preemption bound proves only what the bound covers', () => {
    expect(prove(lostUpdate(), { preemptionsMax: 0 })).toMatchObject({
      outcome: 'proved',
      complete: false,
      exhaustedTo: 0,
    });
    expect(prove(lostUpdate(), { preemptionsMax: 1 }).outcome).toBe('broken');
  });

  it('is complete where the bound leaves nothing out', () => {
    expect(prove(lockedUpdate(), { preemptionsMax: 5 })).toMatchObject({
      outcome: 'proved',
      complete: true,
      exhaustedTo: Infinity,
    });
  });

  it('without the runs that it takes comes to its limit', () => {
    const proof = prove(philosophersInOrder(4), { engine: 'enumerate', runsMax: 100 });
    expect(proof).toMatchObject({ outcome: 'limit', complete: false, runs: 100 });
    expect(proof.exhaustedTo).toBeLessThan(5);
  });

  it('that comes to its limit has exhausted nothing, also where it has no bound', () => {
    expect(prove(philosophersInOrder(4), { runsMax: 100, all: true })).toMatchObject({
      outcome: 'limit',
      exhaustedTo: -1,
    });
  });

  it('proves nothing of executions that were cut off', () => {
    const proof = prove(lockedUpdate(), { stepsMax: 5 });
    expect(proof).toMatchObject({ outcome: 'limit', complete: false });
    expect(proof.limited).toBeGreaterThan(0);
  });

  it('ends when it is interrupted', () => {
    let asked = 0;
    const interrupted = (): boolean => ++asked > 50;
    const proof = prove(philosophersInOrder(4), { engine: 'enumerate', interrupted });
    expect(proof).toMatchObject({ outcome: 'limit', interrupted: true, complete: false });
    expect(proof.runs).toBe(50);
  });

  it('that is interrupted before its first run has exhausted nothing', () => {
    expect(prove(lostUpdate(), { interrupted: () => true })).toMatchObject({
      outcome: 'limit',
      runs: 0,
      exhaustedTo: -1,
    });
  });

  it('looks for failures of one signature, where it is told which', () => {
    const two = program('two bugs', (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 2);
          },
          *b(cpu) {
            const seen = yield* cpu.read(x);
            yield* cpu.BUG_ON(seen === 2, 'easy');
            yield* cpu.BUG_ON(seen === 1, 'hard');
          },
        },
      };
    });
    expect(prove(two).finding?.signature).toBe('panic BUG: easy');
    const hard = prove(two, { signature: 'panic BUG: hard' });
    expect(hard).toMatchObject({ outcome: 'broken', minimal: true });
    expect(hard.finding?.preemptions).toBe(1);
    expect(prove(two, { signature: 'panic BUG: other' })).toMatchObject({
      outcome: 'proved',
      failures: 2,
    });
  });

  it('takes failing allocations for choices like any other', () => {
    expect(enumerate(allocations(0), { all: true })).toMatchObject({ runs: 1, failures: 0 });
    // Eight allocations in 70 orders: none fails, or one of the eight does. Where that is the third of a thread,
    // the thread does not come to its fourth, which leaves 35 orders.
    expect(enumerate(allocations(1), { all: true })).toMatchObject({
      runs: 70 * (1 + 6) + 35 * 2,
      failures: 35 * 2,
    });
  });
});
