import { describe, expect, it } from 'vitest';
import { philosophersLeftFirst } from '../../../bench/yardsticks/programs/philosophers.js';
import { dpor } from '../../../scheduler/dpor/dpor.js';
import { Execution, Follow } from '../../../scheduler/index.js';
import { type Cpu, type Path, wheneverFree } from '../../../src/machine/index.js';
import { program } from '../../support/program.js';
import { lostUpdate } from '../../support/samples.js';

describe('dpor()', () => {
  it('counts the traces that fail, and keeps the simplest as a schedule that fails', () => {
    const { traces, failures, finding } = dpor(lostUpdate());
    expect({ traces, failures, preemptions: finding?.preemptions }).toEqual({
      traces: 4,
      failures: 2,
      preemptions: 1,
    });
    const follow: Follow = new Follow(finding?.schedule ?? [], () => execution.asked, true);
    const execution: Execution = new Execution(lostUpdate().build('search'), follow);
    expect(execution.run()).toEqual(finding?.verdict);
  });

  it('finds the one deadlock of philosophers', () => {
    expect(dpor(philosophersLeftFirst(5))).toMatchObject({ traces: 31, failures: 1 });
  });

  it('tries both orders of readers and writers, but not of readers', () => {
    const threads = (first: 'read' | 'write') =>
      program(first, (m) => {
        const sem = m.rwsem('sem');
        return {
          actors: {
            *a(cpu) {
              yield* first === 'read' ? cpu.down_read(sem) : cpu.down_write(sem);
              yield* first === 'read' ? cpu.up_read(sem) : cpu.up_write(sem);
            },
            *b(cpu) {
              yield* cpu.down_read(sem);
              yield* cpu.up_read(sem);
            },
          },
        };
      });
    expect(dpor(threads('read')).traces).toBe(1);
    expect(dpor(threads('write')).traces).toBeGreaterThan(1);
  });

  it('tries every value that is drawn in every trace, each once', () => {
    const twoMayFail = program(
      'faults',
      (m) => {
        const x = m.cell('x', 0);
        function* path(cpu: Cpu): Path {
          yield* cpu.read(x);
          if (yield* cpu.may_fail('it')) return;
          yield* cpu.write(x, 1);
        }
        return { actors: { a: path, b: path } };
      },
      { faults: 1 },
    );
    expect(dpor(twoMayFail)).toMatchObject({ traces: 10, wasted: 0 });
  });

  it('reverses an access past a trylock that then takes the lock', () => {
    const trying = program('trylock', (m) => {
      const [sem, x, y] = [m.rwsem('sem'), m.cell('x', 0), m.cell('y', 0)];
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.down_read(sem);
            yield* cpu.read(x);
            yield* cpu.up_read(sem);
          },
          *trier(cpu) {
            if (!(yield* cpu.down_write_trylock(sem))) return;
            yield* cpu.read(x);
            yield* cpu.up_write(sem);
          },
          *writer(cpu) {
            yield* cpu.write(x, 1);
          },
        },
        properties: [wheneverFree(sem, 'x is y', () => x.peek() === y.peek())],
      };
    });
    expect(dpor(trying)).toMatchObject({ traces: 17, wasted: 0 });
  });

  it('stops where it is told to', () => {
    expect(dpor(philosophersLeftFirst(5), { runsMax: 3 })).toMatchObject({
      traces: 3,
      exhausted: false,
    });
  });

  it.each([
    ['store buffers', program('tso', () => ({ actors: {} }), { memory: 'tso' })],
    [
      'interrupts',
      program('irq', (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            irq: {
              interrupt: { kind: 'hardirq', times: 1 },
              *path(cpu) {
                yield* cpu.read(x);
              },
            },
          },
        };
      }),
    ],
    [
      'share a CPU',
      program(
        'one CPU',
        (m) => {
          const lock = m.spinlock('lock');
          return {
            actors: {
              *a(cpu) {
                yield* cpu.spin_lock(lock);
                yield* cpu.spin_unlock(lock);
              },
              *b(cpu) {
                yield* cpu.spin_lock(lock);
                yield* cpu.spin_unlock(lock);
              },
            },
          };
        },
        { cpus: 1 },
      ),
    ],
  ])('refuses %s', (reason, refused) => {
    expect(() => dpor(refused)).toThrow(reason);
  });
});
