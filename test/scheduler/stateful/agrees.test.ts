// The search of states comes to what the plain enumerator comes to: the same verdicts, the same results, and within a
// preemption bound the same too. The rules' programs are compared in test/rules.
import { describe, expect, it } from 'vitest';
import { lockRows, memoryRows, samplerRows } from '../../../bench/yardsticks/rows.js';
import type { Program } from '../../../scheduler/index.js';
import { fromSchedules, fromStates } from '../../support/agreement.js';
import { allocations, lockedUpdate, lostUpdate, noisyUpdate } from '../../support/samples.js';
import * as small from './programs.js';

const yardsticks = [...memoryRows, ...lockRows, ...samplerRows]
  .filter(({ reach }) => reach === 'test')
  .map(({ program: one }) => one)
  .filter(
    ({ name }) =>
      !/ainc\([67]|inc\(4|reorder\(4|rw\(4|readers\(6|left first \(4|in order \(4|wronglock|stack|philosophers right/.test(
        name,
      ),
  );

const programs: readonly Program[] = [
  lostUpdate(),
  lockedUpdate(),
  noisyUpdate(2, 2),
  allocations(0),
  allocations(1),
  allocations(2),
  ...small.all(),
];

const named = (some: readonly Program[]) => some.map((one) => [one.name, one] as const);

describe('by states as by schedules', () => {
  it.each(named([...programs, ...yardsticks]))('%s', (_, one) => {
    expect(fromStates(one)).toEqual(fromSchedules(one));
  });
});

describe('within a preemption bound', () => {
  it.each(named(programs))('%s', (_, one) => {
    for (const preemptionsMax of [0, 1, 2]) {
      const options = { preemptionsMax };
      expect(fromStates(one, options)).toEqual(fromSchedules(one, options));
    }
  });
});
