import { describe, expect, it } from 'vitest';
import type { Cpu, Path } from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf } from '../support/run.js';

describe('a thread that ends', () => {
  it('must hold no lock, for writing or reading (K-06)', () => {
    expect(
      sentenceOf((m) => {
        const [lock, sem] = [m.mutex('lock'), m.rwsem('sem')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mutex_lock(lock);
              yield* cpu.down_read(sem);
            },
          },
        };
      }),
    ).toBe('a ends with lock and sem for reading held (K-06)');
  });

  it('may have taken locks, and may leave a read hold that is nobody’s', () => {
    expect(
      sentenceOf((m) => {
        const [lock, sem] = [m.spinlock('lock'), m.rwsem('sem')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_unlock(lock);
              yield* cpu.down_read_non_owner(sem);
            },
          },
        };
      }),
    ).toBe(fine);
  });

  it('is judged the same in every execution', () => {
    const execution = executionOf((m) => {
      const lock = m.mutex('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
          },
        },
      };
    });
    const first = execution.run();
    expect(first).toEqual({ kind: 'lock rule', rule: 'K-06', message: 'a ends with lock held' });
    expect(execution.run()).toEqual(first);
  });

  it('is judged also where it was spawned', () => {
    expect(
      sentenceOf((m) => {
        const lock = m.mutex('lock');
        return {
          actors: {
            *main(cpu) {
              yield* cpu.spawn('child', function* (other) {
                yield* other.mutex_lock(lock);
              });
            },
          },
        };
      }),
    ).toBe('main/child ends with lock held (K-06)');
  });
});

describe('an interrupt handler that returns', () => {
  it('must hold no lock (K-06)', () => {
    const interrupted = (releases: boolean): readonly string[] =>
      everySchedule((m) => {
        const lock = m.spinlock('lock');
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu: Cpu): Path {
              yield* cpu.read(x);
            },
            irq: {
              *path(cpu: Cpu): Path {
                yield* cpu.spin_lock(lock);
                if (releases) yield* cpu.spin_unlock(lock);
              },
              cpu: 0,
              interrupt: { kind: 'hardirq', times: 1 },
            },
          },
        };
      }).verdicts;
    expect(interrupted(true)).toEqual([fine]);
    expect(interrupted(false)).toEqual([
      'irq returns from its interrupt with lock held (K-06)',
      fine,
    ]);
  });
});
