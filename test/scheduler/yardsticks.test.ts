// Plain enumeration gives the numbers that other tools have published. It judges every cleverer search, so it has
// to be right itself.
import { describe, expect, it } from 'vitest';
import { countSchedules } from '../../bench/yardsticks/count.js';
import { lockRows, memoryRows, samplerRows, type TraceRow } from '../../bench/yardsticks/rows.js';
import { philosophersInOrder } from '../../bench/yardsticks/programs/philosophers.js';
import { enumerate } from '../../scheduler/index.js';
import { countTraces } from '../support/canonical.js';

const quick = (rows: readonly TraceRow[]): readonly (readonly [string, TraceRow])[] =>
  rows.filter(({ reach }) => reach === 'test').map((row) => [row.program.name, row]);

describe('the schedules of a program fall into as many traces as others have found', () => {
  it.each([...quick(memoryRows), ...quick(lockRows)])('%s', (_, { program, traces }) => {
    expect(countTraces(program).traces).toBe(traces);
  });
});

describe('schedules, failures and probabilities are those of dynamic programming', () => {
  const rows = samplerRows.filter(({ reach }) => reach === 'test');
  it.each(rows.map((row) => [row.program.name, row] as const))('%s', (_, row) => {
    const { events, interleavings, buggy, uniform, randomWalk, fewestPreemptions } = row;
    expect(countSchedules(row)).toEqual({
      events,
      interleavings,
      buggy,
      uniform,
      randomWalk,
      fewestPreemptions,
    });
  });
});

describe('philosophers who take the lower fork first', () => {
  it.each([2, 3])('never deadlock at a table of %i', (n) => {
    expect(enumerate(philosophersInOrder(n))).toMatchObject({ failures: 0, exhausted: true });
  });
});
