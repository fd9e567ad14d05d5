// Optimal reduction gives the numbers of traces that other tools have published, and breaks off no execution.
import { describe, expect, it } from 'vitest';
import { delayRows, lockRows, memoryRows } from '../../../bench/yardsticks/rows.js';
import { dpor } from '../../../scheduler/dpor/dpor.js';

const rows = [...memoryRows, ...lockRows].map((row) => [row.program.name, row] as const);

describe('optimal reduction runs each trace once, and nothing else', () => {
  it.each(rows)('%s', (_, { program, traces }) => {
    expect(dpor(program)).toMatchObject({ traces, wasted: 0, derailed: 0, exhausted: true });
  });
});

describe('optimal reduction under a bound on delays', () => {
  it.each(delayRows)(
    'finds within $delaysMax delays $traces traces of $program.name',
    ({ program, delaysMax, traces }) => {
      expect(dpor(program, { delaysMax })).toMatchObject({ traces, wasted: 0, derailed: 0 });
    },
  );
});
