// Moves of many threads: the limit of 86,530 for real, and that what a move takes grows with the threads and no faster.
import { describe, expect, it } from 'vitest';
import { GoOn } from '../../scheduler/index.js';
import { ENOMEM, taskMigration } from '../../src/kernel/index.js';
import { bigMove, type How } from '../../bench/scale/move.js';

describe('a process of one thread more than the array of targets has room for', () => {
  const threads = 86_531;

  it.each([
    ['base', -ENOMEM, 0],
    ['0002', 0, threads],
  ] as const)('at %s: its move returns %i, and %i threads are moved', (upTo, ret, moved) => {
    const move = bigMove(taskMigration.compose({ upTo }), 'attach', threads, new GoOn(), 0);
    expect(move.execution.run()).toEqual({ kind: 'ok' });
    expect(move.ret()).toBe(ret);
    expect(move.members()).toEqual([moved, threads - moved]);
  });
});

describe('a move of n threads beside forks and exits', () => {
  const steps = (how: How, upTo: string, threads: number): number => {
    const move = bigMove(taskMigration.compose({ upTo }), how, threads, new GoOn(), 4);
    expect(move.execution.run()).toEqual({ kind: 'ok' });
    expect(move.ret()).toBe(0);
    return move.execution.steps;
  };

  it.each([
    ['attach', 'base'],
    ['attach', '0007'],
    ['transfer', 'base'],
    ['transfer', '0007'],
  ] as const)('by %s at %s takes as many more steps for each thread more', (how, upTo) => {
    const middle = steps(how, upTo, 1_000);
    const perThread = (middle - steps(how, upTo, 500)) / 500;
    expect((steps(how, upTo, 2_000) - middle) / 1_000).toBe(perThread);
    expect(perThread).toBeGreaterThan(10);
  });
});
