// Optimal reduction and plain enumeration come to the same outcomes on programs made by chance, and where the normal
// form of test/support/canonical.ts knows the primitives, to the same number of traces.
import { describe, expect, it } from 'vitest';
import { dpor } from '../../../scheduler/dpor/dpor.js';
import { enumerate } from '../../../scheduler/index.js';
import type { Cell, MachineOptions } from '../../../src/machine/index.js';
import { countTraces } from '../../support/canonical.js';
import { outcomeOf } from '../../support/outcome.js';
import { type Kind, randomProgram } from '../../support/random-program.js';

interface Mix {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly machine?: MachineOptions;
  /** The number of traces can be counted independently. */
  readonly isCounted?: true;
}

const mixes: readonly Mix[] = [
  { name: 'cells', kinds: ['cells', 'atomics'], isCounted: true },
  { name: 'mutexes', kinds: ['cells', 'mutex', 'trylock'], isCounted: true },
  { name: 'deadlocks', kinds: ['mutex', 'spinlock'], isCounted: true },
  { name: 'spawning', kinds: ['cells', 'mutex', 'spawn'], isCounted: true },
  { name: 'rwlocks', kinds: ['cells', 'rwlock'] },
  { name: 'rwlocks alone', kinds: ['rwlock'] },
  { name: 'rwsems', kinds: ['cells', 'rwsem'] },
  { name: 'rwsems that writers steal', kinds: ['rwsem', 'cells'], machine: { rwsem: 'stealing' } },
  { name: 'wait queues', kinds: ['cells', 'waiting'] },
  { name: 'completions', kinds: ['cells', 'completion'] },
  { name: 'grace periods', kinds: ['cells', 'rcu'] },
  { name: 'properties of every state', kinds: ['cells', 'always'] },
  { name: 'properties of unlocked states', kinds: ['cells', 'whenever free'] },
  { name: 'faults', kinds: ['cells', 'faults', 'mutex'], machine: { faults: 2 } },
  { name: 'all kinds', kinds: ['cells', 'mutex', 'rwsem', 'completion', 'spawn', 'rwlock', 'rcu'] },
];
const programsOfEach = 10;
const schedulesMax = 1_500;

describe('optimal reduction agrees with enumeration on random programs', () => {
  it.each(mixes)('$name', ({ name, kinds, machine, isCounted }) => {
    let compared = 0;
    for (let n = 0; n < programsOfEach; n++) {
      const made = { threads: 3, statements: 2, kinds, machine: machine ?? {} };
      const program = randomProgram(`${name} ${String(n)}`, made);
      const expected = new Set<string>();
      const all = enumerate(program, {
        all: true,
        runsMax: schedulesMax,
        onRun: (execution) => void expected.add(outcomeOf(execution)),
      });
      if (!all.exhausted) continue;
      compared++;
      const seen = new Set<string>();
      const { traces, wasted, derailed } = dpor(program, {
        onTrace: (execution) => void seen.add(outcomeOf(execution)),
      });
      const counted = isCounted === true ? countTraces(program).traces : traces;
      const found = { outcomes: [...seen].sort(), traces, wasted, derailed };
      expect(found, program.name).toEqual({
        outcomes: [...expected].sort(),
        traces: counted,
        wasted: 0,
        derailed: 0,
      });
    }
    expect(compared).toBeGreaterThan(programsOfEach / 3);
  });
});

describe('a dependence that is left out is noticed', () => {
  const missed = (kinds: readonly Kind[], isSeen: (cell: Cell<unknown>) => boolean): number => {
    let programs = 0;
    for (let n = 0; n < programsOfEach; n++) {
      const program = randomProgram(`planted ${String(n)}`, { threads: 3, statements: 2, kinds });
      const expected = new Set<string>();
      const onRun = {
        onRun: (execution: Parameters<typeof outcomeOf>[0]) =>
          void expected.add(outcomeOf(execution)),
      };
      if (!enumerate(program, { all: true, runsMax: schedulesMax, ...onRun }).exhausted) continue;
      const seen = new Set<string>();
      dpor(program, { isSeen, onTrace: (execution) => void seen.add(outcomeOf(execution)) });
      if ([...expected].some((outcome) => !seen.has(outcome))) programs++;
    }
    return programs;
  };

  it('where locks never conflict', () => {
    expect(missed(['mutex'], ({ name }) => !name.endsWith('.holder'))).toBeGreaterThan(0);
  });

  it('where a cell never conflicts', () => {
    expect(missed(['cells'], ({ name }) => name !== 'x')).toBeGreaterThan(0);
  });
});
