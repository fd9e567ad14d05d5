// Which pairs of accesses are data races, in every schedule of small programs.
import { describe, expect, it } from 'vitest';
import type { Cpu, Machine, Path } from '../../../src/machine/index.js';
import type { Body, Cast } from '../../support/program.js';
import { everySchedule, fine } from '../../support/run.js';

const races = { dataRaces: true };

/** The verdicts of all schedules. */
function verdicts(setup: (machine: Machine) => Cast, options = {}): readonly string[] {
  return everySchedule(setup, { ...races, ...options }).verdicts;
}

/** Two threads on a cell x. */
function pair(
  a: (cpu: Cpu, x: ReturnType<Machine['cell']>) => Path<unknown>,
  b: (cpu: Cpu, x: ReturnType<Machine['cell']>) => Path<unknown>,
): (machine: Machine) => Cast {
  return (m) => {
    const x = m.cell<unknown>('x', 0);
    const actors: Record<string, Body> = { a: (cpu) => a(cpu, x), b: (cpu) => b(cpu, x) };
    return { actors };
  };
}

describe('a data race', () => {
  it('is a plain write and a plain read that nothing orders, in every schedule', () => {
    const found = verdicts(
      pair(
        function* (cpu, x) {
          yield* cpu.write(x, 1);
        },
        function* (cpu, x) {
          yield* cpu.read(x);
        },
      ),
    );
    expect(found).toEqual([
      'the plain read of 0 by b, holding no lock, and the plain write of 1 by a, holding no lock, race on x: ' +
        'no lock is common to both, and nothing else orders them',
      'the plain write of 1 by a, holding no lock, and the plain read of 1 by b, holding no lock, race on x: ' +
        'no lock is common to both, and nothing else orders them',
    ]);
    expect(found).not.toContain(fine);
  });
});
