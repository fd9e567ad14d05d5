// Undoing steps and running executions again come to the same states by the same steps.
import { describe, expect, it } from 'vitest';
import { lostTaskFixed } from '../../../bench/yardsticks/programs/lost-task.js';
import {
  philosophersInOrder,
  philosophersLeftFirst,
} from '../../../bench/yardsticks/programs/philosophers.js';
import { type Program, searchStates } from '../../../scheduler/index.js';
import { allocations, family, lockedUpdate, lostUpdate } from '../../support/samples.js';
import { program } from '../../support/program.js';
import { fromSchedules, fromStates } from '../../support/agreement.js';
import * as small from './programs.js';

const programs: readonly Program[] = [
  lostUpdate(),
  lockedUpdate(),
  allocations(1),
  philosophersInOrder(4),
  philosophersLeftFirst(4),
  lostTaskFixed(1, 1),
  ...small.all(),
];

function came(one: Program, options: Parameters<typeof searchStates>[1]) {
  const { states, transitions, runs, failures, signatures, finding } = searchStates(one, options);
  return { states, transitions, runs, failures, signatures, schedule: finding?.schedule };
}

describe('undoing steps and running again come to the same', () => {
  it.each(programs.map((one) => [one.name, one] as const))('%s', (_, one) => {
    for (const preemptionsMax of [undefined, 1]) {
      const again = came(one, { preemptionsMax, goesBack: 'by running again' });
      expect(came(one, { preemptionsMax })).toEqual(again);
    }
  });
});

describe('the fixed program of the lost task', () => {
  it('loses none, by states as by schedules', () => {
    expect(fromStates(lostTaskFixed(2, 2))).toEqual({
      verdicts: ['ok'],
      results: ['forker0: [null], forker1: [null], toB: [null], toA: [null]'],
      isLimited: false,
    });
    expect(searchStates(lostTaskFixed(2, 2)).states).toBe(16_983);
  });

  it('has few enough schedules in small', () => {
    expect(fromStates(lostTaskFixed(1, 1))).toEqual(fromSchedules(lostTaskFixed(1, 1)));
  });
});

describe('threads that make threads', () => {
  it('are searched as well', () => {
    const { exhausted, signatures } = searchStates(family(), { statesMax: 200 });
    expect({ exhausted, signatures }).toEqual({ exhausted: false, signatures: [] });
  });
});

describe('a path that does not do the same again', () => {
  it('is an error of the model', () => {
    let calls = 0;
    const fickle = program('fickle', (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            if (++calls > 1) yield* cpu.read(x);
            yield* cpu.read(x);
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 1);
          },
          *b(cpu) {
            yield* cpu.write(x, 2);
            yield* cpu.write(x, 3);
          },
        },
      };
    });
    expect(() => searchStates(fickle)).toThrow('same');
  });
});
