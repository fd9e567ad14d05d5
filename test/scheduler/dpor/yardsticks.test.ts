// Optimal reduction gives the numbers of traces that other tools have published, and breaks off no execution.
import { describe, expect, it } from 'vitest';
import { readers } from '../../../bench/yardsticks/programs/memory.js';
import { lockRows, memoryRows } from '../../../bench/yardsticks/rows.js';
import { dpor } from '../../../scheduler/dpor/dpor.js';

const rows = [...memoryRows, ...lockRows].map((row) => [row.program.name, row] as const);

describe('optimal reduction runs each trace once, and nothing else', () => {
  it.each(rows)('%s', (_, { program, traces }) => {
    expect(dpor(program)).toMatchObject({ traces, wasted: 0, derailed: 0, exhausted: true });
  });
});

describe('optimal reduction under a bound on delays', () => {
  const published = [1, 2, 8, 23, 43, 58, 64, 64];
  it.each(published.map((traces, delays) => [delays, traces] as const))(
    'finds with %i delays %i of the 64 traces of readers(6)',
    (delaysMax, traces) => {
      expect(dpor(readers(6), { delaysMax })).toMatchObject({ traces, wasted: 0, derailed: 0 });
    },
  );
});
