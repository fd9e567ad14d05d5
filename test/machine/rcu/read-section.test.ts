import { describe, expect, it } from 'vitest';
import type { Cell, Cpu, Path } from '../../../src/machine/index.js';
import { after, everySchedule, executionOf, fine, type Setup } from '../../support/run.js';

/** A reader of two steps, and an updater who waits for it. */
const readerAndUpdater: Setup = (m) => {
  const x = m.cell('x', 0);
  return {
    actors: {
      *reader(cpu) {
        yield* cpu.rcu_read_lock();
        yield* cpu.read(x);
        yield* cpu.read(x);
        yield* cpu.rcu_read_unlock();
        yield* cpu.read(x);
      },
      *updater(cpu) {
        yield* cpu.write(x, 1);
        yield* cpu.synchronize_rcu();
        yield* cpu.write(x, 2);
      },
    },
  };
};

describe('synchronize_rcu()', () => {
  it('returns at once where no read section is open', () => {
    expect(after(readerAndUpdater, 'updater updater updater')).toMatchObject({ verdict: fine });
  });

  it('waits for a section from its first step to its last, and not for what follows', () => {
    const waits = after(readerAndUpdater, 'reader updater updater');
    expect(waits).toMatchObject({ runnable: ['reader'], verdict: fine });
    const over = after(readerAndUpdater, 'reader updater updater reader');
    expect(over).toMatchObject({ runnable: ['reader', 'updater'], verdict: fine });
  });

  it('never returns while a section that was open at its beginning is open, in any schedule', () => {
    const { looks, verdicts } = everySchedule((m) => {
      // 1 while the section is open, 2 when it has ended; what the updater saw at the beginning and at the end.
      const section = m.cell('section', 0);
      const seen = m.cell('seen', '');
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            yield* cpu.write(section, 1);
            yield* cpu.write(section, 2);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            const before = yield* cpu.read(section);
            yield* cpu.synchronize_rcu();
            const afterwards = yield* cpu.read(section);
            yield* cpu.write(seen, `${String(before)}${String(afterwards)}`);
          },
        },
        look: () => seen.peek(),
      };
    });
    expect(verdicts).toEqual([fine]);
    // 01 is a section that began in between and is still open: grace periods are as short as is legal. 11 is none.
    expect(looks).toEqual(['00', '01', '02', '12', '22']);
  });

  it('waits for the outermost of nested sections', () => {
    const nested: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            yield* cpu.read(x);
            yield* cpu.rcu_read_lock();
            yield* cpu.read(x);
            yield* cpu.rcu_read_unlock();
            yield* cpu.read(x);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            yield* cpu.synchronize_rcu();
          },
        },
      };
    };
    expect(after(nested, 'reader reader updater').runnable).toEqual(['reader']);
    expect(after(nested, 'reader reader updater reader').runnable).toEqual(['updater']);
  });

  it('does not wait for a section of the same reader that began later', () => {
    const twice: Setup = (m) => {
      const x = m.cell('x', 0);
      function* section(cpu: Cpu): Path {
        yield* cpu.rcu_read_lock();
        yield* cpu.read(x);
        yield* cpu.read(x);
        yield* cpu.rcu_read_unlock();
      }
      return {
        actors: {
          *reader(cpu) {
            yield* section(cpu);
            yield* section(cpu);
          },
          *updater(cpu) {
            yield* cpu.synchronize_rcu();
          },
        },
      };
    };
    expect(after(twice, 'reader updater reader reader').runnable).toEqual(['reader', 'updater']);
  });

  it('waits for several readers, one after the other', () => {
    const several: Setup = (m) => {
      const x = m.cell('x', 0);
      function* reader(cpu: Cpu): Path {
        yield* cpu.rcu_read_lock();
        yield* cpu.read(x);
        yield* cpu.read(x);
        yield* cpu.rcu_read_unlock();
      }
      return {
        actors: {
          a: reader,
          b: reader,
          *updater(cpu) {
            yield* cpu.synchronize_rcu_expedited();
          },
        },
      };
    };
    expect(after(several, 'a b updater a').runnable).toEqual(['b']);
    expect(after(several, 'a b updater a b').runnable).toEqual(['updater']);
    expect(everySchedule(several).verdicts).toEqual([fine]);
  });

  it('waits for a section in an interrupt', () => {
    const inInterrupt: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.synchronize_rcu();
          },
          irq: {
            cpu: 1,
            interrupt: { kind: 'hardirq', times: 1 },
            *path(cpu) {
              yield* cpu.rcu_read_lock();
              yield* cpu.read(x);
              yield* cpu.read(x);
              yield* cpu.rcu_read_unlock();
            },
          },
        },
      };
    };
    expect(after(inInterrupt, 'irq irq updater').runnable).toEqual(['irq']);
    expect(everySchedule(inInterrupt).verdicts).toEqual([fine]);
  });

  it('is undone when an execution is abandoned', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            yield* cpu.read(x);
            yield* cpu.BUG_ON(true, 'inside');
          },
          *updater(cpu) {
            yield* cpu.synchronize_rcu();
          },
        },
      };
    });
    const verdicts = [execution.run(), execution.run()];
    expect(verdicts[0]).toEqual(verdicts[1]);
    expect(verdicts[0]).toMatchObject({ kind: 'panic' });
  });
});

describe('rcu_read_lock()', () => {
  /** What every schedule of one thread comes to. */
  const sentences = (body: (cpu: Cpu, x: Cell<number>) => Path): readonly string[] =>
    everySchedule((m) => {
      const x = m.cell('x', 0);
      return { actors: { t: (cpu) => body(cpu, x) } };
    }).verdicts;

  it('is a section in which nobody may sleep, also as the first thing in it', () => {
    expect(
      everySchedule((m) => {
        const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
        return {
          actors: {
            *late(cpu) {
              yield* cpu.rcu_read_lock();
              yield* cpu.read(x);
              yield* cpu.mutex_lock(lock);
            },
          },
        };
      }).verdicts,
    ).toEqual(['late may sleep in mutex_lock() inside an RCU read section (K-11)']);
    expect(
      everySchedule((m) => {
        const lock = m.mutex('lock');
        return {
          actors: {
            *early(cpu) {
              yield* cpu.rcu_read_lock();
              yield* cpu.mutex_lock(lock);
            },
          },
        };
      }).verdicts,
    ).toEqual(['early may sleep in mutex_lock() inside an RCU read section (K-11)']);
  });

  it('lets a thread wait for a spinlock', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.spinlock('lock');
      function* body(cpu: Cpu): Path {
        yield* cpu.rcu_read_lock();
        yield* cpu.spin_lock(lock);
        yield* cpu.spin_unlock(lock);
        yield* cpu.rcu_read_unlock();
      }
      return { actors: { a: body, b: body } };
    });
    expect(verdicts).toEqual([fine]);
  });

  it('must be left before the thread ends', () => {
    const message = 't ended inside an RCU read section: no grace period ends any more (K-06)';
    expect(
      sentences(function* (cpu) {
        yield* cpu.rcu_read_lock();
      }),
    ).toEqual([message]);
    expect(
      sentences(function* (cpu, x) {
        yield* cpu.rcu_read_lock();
        yield* cpu.read(x);
      }),
    ).toEqual([message]);
  });

  it('must be left before an interrupt is over', () => {
    const { verdicts } = everySchedule((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *task(cpu) {
            yield* cpu.read(x);
          },
          irq: {
            cpu: 0,
            interrupt: { kind: 'hardirq', times: 1 },
            *path(cpu) {
              yield* cpu.rcu_read_lock();
              yield* cpu.read(x);
            },
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'irq ended inside an RCU read section: no grace period ends any more (K-06)',
      fine,
    ]);
  });

  it('cannot be left where it was not entered', () => {
    expect(
      sentences(function* (cpu, x) {
        yield* cpu.read(x);
        yield* cpu.rcu_read_unlock();
      }),
    ).toEqual(['t calls rcu_read_unlock() outside any read section (K-06)']);
  });

  it('lets nobody wait for a grace period inside', () => {
    expect(
      sentences(function* (cpu) {
        yield* cpu.rcu_read_lock();
        yield* cpu.synchronize_rcu();
        yield* cpu.rcu_read_unlock();
      }),
    ).toEqual(['t calls synchronize_rcu() inside a read section: it waits for itself (K-11)']);
  });

  it('is known to rcu_read_lock_held()', () => {
    const seen: boolean[] = [];
    sentences(function* (cpu) {
      seen.push(cpu.rcu_read_lock_held);
      yield* cpu.rcu_read_lock();
      seen.push(cpu.rcu_read_lock_held);
      yield* cpu.rcu_read_unlock();
      seen.push(cpu.rcu_read_lock_held);
    });
    expect(seen).toEqual([false, true, false]);
  });

  it('keeps no other thread off the CPU', () => {
    expect(after(readerAndUpdater, 'reader', { cpus: 1 }).runnable).toEqual(['reader', 'updater']);
  });

  it('does not make the number of the CPU stable', () => {
    expect(
      sentences(function* (cpu) {
        yield* cpu.rcu_read_lock();
        yield* cpu.smp_processor_id();
        yield* cpu.rcu_read_unlock();
      }),
    ).toEqual(['smp_processor_id() in preemptible context: the CPU may change (thread t)']);
  });
});
