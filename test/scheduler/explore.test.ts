import { describe, expect, it } from 'vitest';
import { defaultPortfolio, explore, type ExploreOptions } from '../../scheduler/index.js';
import { program } from '../support/program.js';
import { allocations, lockedUpdate, lostUpdate, noisyUpdate } from '../support/samples.js';

const options: ExploreOptions = { seed: '1', runs: 2000, strategies: defaultPortfolio };

describe('a campaign', () => {
  it('finds a lost update, stops there and says by which strategy', () => {
    const found = explore(noisyUpdate(2, 4), options);
    expect(found).toMatchObject({ outcome: 'broken', failures: 1, blind: [], interrupted: false });
    expect(found.finding?.verdict).toMatchObject({
      kind: 'violation',
      property: 'no update is lost',
    });
    expect(defaultPortfolio).toContain(found.strategy);
    expect(found.runs).toBeLessThan(2000);
  });

  it('is the same for the same seed, and another one for another', () => {
    const campaign = (seed: string) => explore(noisyUpdate(3, 4), { ...options, seed });
    expect(campaign('7')).toEqual(campaign('7'));
    expect(campaign('7')).not.toEqual(campaign('8'));
  });

  it('begins with the schedule that switches only where it must', () => {
    const found = explore(
      program('sequential bug', (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
            },
            *b(cpu) {
              yield* cpu.BUG_ON((yield* cpu.read(x)) === 1, 'a was first');
            },
          },
        };
      }),
      options,
    );
    expect(found).toMatchObject({ outcome: 'broken', runs: 1, strategy: 'go-on' });
    expect(found.finding?.preemptions).toBe(0);
  });

  it('that finds nothing in all its runs says so', () => {
    expect(explore(lockedUpdate(), options)).toMatchObject({
      outcome: 'not found',
      finding: undefined,
      strategy: undefined,
      runs: 2000,
      failures: 0,
      limited: 0,
    });
  });

  it('that would not find a planted race has verified nothing', () => {
    const strategies = ['go-on'];
    expect(explore(lockedUpdate(), { ...options, strategies })).toMatchObject({
      outcome: 'not verified',
      blind: ['go-on'],
    });
    expect(explore(lostUpdate(), { ...options, strategies }).outcome).toBe('not verified');
    expect(explore(lockedUpdate(), { ...options, strategies: ['pct:1'] })).toMatchObject({
      blind: ['pct:1'],
    });
  });

  it('that finds something has verified it, however blind it is otherwise', () => {
    expect(explore(allocations(1), { ...options, strategies: ['random', 'go-on'] })).toMatchObject({
      outcome: 'broken',
      blind: ['go-on'],
    });
  });

  it('runs to its end and counts, where it is told to find all', () => {
    const { runs, failures } = explore(lostUpdate(), { ...options, all: true });
    expect(runs).toBe(2000);
    expect(failures).toBeGreaterThan(300);
    expect(failures).toBeLessThan(1700);
  });

  it('makes an allocation fail where that is the bug', () => {
    const found = explore(allocations(1), options);
    expect(found.finding?.verdict).toMatchObject({ message: 'BUG: the third allocation fails' });
    expect(explore(allocations(0), options).outcome).toBe('not found');
  });

  it('keeps what it found when it is interrupted', () => {
    let asked = 0;
    const stopped = explore(lockedUpdate(), { ...options, interrupted: () => ++asked > 100 });
    expect(stopped).toMatchObject({ outcome: 'not found', interrupted: true });
    expect(stopped.runs).toBeGreaterThan(0);
    expect(stopped.runs).toBeLessThan(200);
  });

  it('counts executions that were cut off', () => {
    expect(explore(lockedUpdate(), { ...options, runs: 10, stepsMax: 3 })).toMatchObject({
      outcome: 'not found',
      limited: 10,
      steps: 30,
    });
  });

  it('reports its progress and its first finding', () => {
    const progress: number[] = [];
    const findings: number[] = [];
    explore(lostUpdate(), {
      ...options,
      runs: 600,
      all: true,
      onProgress: ({ runs }) => progress.push(runs),
      onFinding: (_, runs) => findings.push(runs),
    });
    expect(progress.at(-1)).toBe(600);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(4);
    expect(findings).toHaveLength(1);
  });
});
