import { describe, expect, it } from 'vitest';
import type { Cell, Cpu, Path } from '../../../src/machine/index.js';
import { everySchedule, fine } from '../../support/run.js';

/** A reader with plain accesses in a section, and an updater; the verdicts of all schedules by their beginnings. */
function kinds(
  reader: (cpu: Cpu, x: Cell<number>) => Path,
  updater: (cpu: Cpu, x: Cell<number>) => Path,
): readonly string[] {
  const { verdicts } = everySchedule(
    (m) => {
      const x = m.cell('x', 0);
      const p = m.rcuPointer<object | null>('p', { name: 'object', label: 'object' });
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            if ((yield* cpu.rcu_dereference(p)) !== null) yield* reader(cpu, x);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            yield* cpu.rcu_assign_pointer(p, null);
            yield* updater(cpu, x);
          },
        },
      };
    },
    { dataRaces: true },
  );
  return [...new Set(verdicts.map((text) => text.split(/[:\n]/)[0] ?? ''))].sort();
}

function* read(cpu: Cpu, x: Cell<number>): Path {
  yield* cpu.read(x);
}

describe('for the race detector', () => {
  it('what a section did comes before what is done after a grace period', () => {
    expect(
      kinds(read, function* (cpu, x) {
        yield* cpu.synchronize_rcu();
        yield* cpu.write(x, 1);
      }),
    ).toEqual([fine]);
  });

  it('it comes before nothing without a grace period', () => {
    const found = kinds(read, function* (cpu, x) {
      yield* cpu.write(x, 1);
    });
    expect(found).toContain(fine);
    expect(found.join()).toContain('race on x');
  });

  it('it comes before what a callback does', () => {
    expect(
      kinds(read, function* (cpu, x) {
        yield* cpu.call_rcu('callback', function* (own) {
          yield* own.write(x, 1);
        });
      }),
    ).toEqual([fine]);
  });

  it('what a callback did comes before what is done after rcu_barrier()', () => {
    const callback = (barrier: boolean) =>
      kinds(
        function* () {
          // It only looks at the pointer.
        },
        function* (cpu, x) {
          yield* cpu.call_rcu('callback', function* (own) {
            yield* own.write(x, 1);
          });
          if (barrier) yield* cpu.rcu_barrier();
          yield* cpu.write(x, 2);
        },
      );
    expect(callback(true)).toEqual([fine]);
    expect(callback(false).join()).toContain('race on x');
  });

  it('rcu_assign_pointer() hands an object on to who follows the pointer', () => {
    const publish = (assign: boolean): readonly string[] =>
      everySchedule(
        (m) => {
          const x = m.cell('x', 0);
          const p = m.rcuPointer<Cell<number> | null>('p', null);
          return {
            actors: {
              *reader(cpu) {
                yield* cpu.rcu_read_lock();
                const found = yield* cpu.rcu_dereference(p);
                if (found !== null) yield* cpu.read(found);
                yield* cpu.rcu_read_unlock();
              },
              *updater(cpu) {
                yield* cpu.write(x, 1);
                if (assign) yield* cpu.rcu_assign_pointer(p, x);
                else yield* cpu.RCU_INIT_POINTER(p, x);
              },
            },
          };
        },
        { dataRaces: true },
      ).verdicts;
    expect(publish(true)).toEqual([fine]);
    expect(publish(false)).toHaveLength(2);
  });
});
