// What lockdep notes of the executions of one machine.
import { describe as suite, expect, it } from 'vitest';
import type { Memory, Mutex, Sighting } from '../../../src/machine/index.js';
import { crowd } from '../../support/program.js';
import { executionOf, type Options, type Setup } from '../../support/run.js';

/** What the first execution shows, and then a second one of the same machine, as short text. */
function seen(setup: Setup, options: Options = {}) {
  const execution = executionOf(setup, options);
  const run = (): string[] => {
    execution.run();
    return execution.machine.lockdep.news.map(text);
  };
  return { first: run(), second: run() };
}

function text(sighting: Sighting): string {
  if (sighting.kind === 'use') {
    const { lockClass, irq, how, mode } = sighting;
    return `${lockClass} ${how} ${irq} (${mode})`;
  }
  const { from, to, held, nests } = sighting;
  return `${from} -(${held === 'read' ? 'S' : 'E'}${nests ? 'R' : 'N'})-> ${to}`;
}

suite('dependencies', () => {
  it('are noted once, however often they occur', () => {
    const { first, second } = seen((m) => {
      const [a, b, c] = [m.mutex('a'), m.mutex('b'), m.mutex('c')];
      return {
        actors: {
          *t(cpu) {
            for (let n = 0; n < 2; n++) {
              for (const lock of [a, b, c]) yield* cpu.mutex_lock(lock);
              for (const lock of [a, b, c]) yield* cpu.mutex_unlock(lock);
            }
          },
        },
      };
    });
    expect(first).toEqual(['a -(EN)-> b', 'a -(EN)-> c', 'b -(EN)-> c']);
    expect(second).toEqual([]);
  });

  it('are not made by locks that are given back in between', () => {
    const { first } = seen((m) => {
      const [a, b] = [m.spinlock('a'), m.spinlock('b')];
      return {
        actors: {
          *t(cpu) {
            for (const lock of [a, b]) {
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_unlock(lock);
            }
          },
        },
      };
    });
    expect(first).toEqual([]);
  });

  it('tell readers from writers, and readers that nest from those that do not', () => {
    const { first } = seen((m) => {
      const [sem, lock] = [m.rwsem('sem'), m.rwlock('lock')];
      return {
        actors: {
          *t(cpu) {
            yield* cpu.down_read(sem);
            yield* cpu.read_lock(lock);
            yield* cpu.read_unlock(lock);
            yield* cpu.up_read(sem);
            yield* cpu.down_write(sem);
            yield* cpu.write_lock(lock);
            yield* cpu.write_unlock(lock);
            yield* cpu.up_write(sem);
          },
        },
      };
    });
    expect(first).toEqual(['sem -(SR)-> lock', 'sem -(EN)-> lock']);
  });

  it('let readers of a queued rwlock nest only in interrupts and where softirqs are off', () => {
    const { first } = seen(
      (m) => {
        const [outer, plain, bh] = [m.mutex('outer'), m.rwlock('plain'), m.rwlock('bh')];
        return {
          actors: {
            *t(cpu) {
              yield* cpu.mutex_lock(outer);
              yield* cpu.read_lock(plain);
              yield* cpu.read_unlock(plain);
              yield* cpu.read_lock_bh(bh);
              yield* cpu.read_unlock_bh(bh);
              yield* cpu.mutex_unlock(outer);
            },
          },
        };
      },
      { rwlock: 'queued' },
    );
    expect(first).toEqual(['outer -(EN)-> plain', 'outer -(ER)-> bh']);
  });

  it('lead from a lock that was taken by trylock, but not to it', () => {
    const { first } = seen((m) => {
      const [a, b, c] = [m.mutex('a'), m.mutex('b'), m.mutex('c')];
      return {
        actors: {
          *t(cpu) {
            yield* cpu.mutex_lock(a);
            yield* cpu.mutex_trylock(b);
            yield* cpu.mutex_lock(c);
            for (const lock of [a, b, c]) yield* cpu.mutex_unlock(lock);
          },
        },
      };
    });
    expect(first).toEqual(['a -(EN)-> c', 'b -(EN)-> c']);
  });

  it('are kept for more classes than fit at first', () => {
    const { first } = seen((m) => {
      const locks = Array.from({ length: 40 }, (_, i) => m.mutex(`l${String(i)}`));
      return {
        actors: {
          *t(cpu) {
            for (const lock of locks) yield* cpu.mutex_lock(lock);
            for (const lock of locks) yield* cpu.mutex_unlock(lock);
          },
        },
      };
    });
    expect(first).toHaveLength((40 * 39) / 2);
    expect(new Set(first).size).toBe(first.length);
    expect(first).toContain('l0 -(EN)-> l39');
  });
});

class inode {
  readonly memory: Memory;
  readonly i_mutex: Mutex;
  constructor(memory: Memory) {
    this.memory = memory;
    this.i_mutex = memory.mutex('i_mutex');
  }
}

suite('classes', () => {
  it('are one for a field of a type, made in setup or in a run, and one more for each level', () => {
    const { first } = seen((m) => {
      const x = m.object(inode, 'x');
      return {
        actors: {
          *t(cpu) {
            const y = yield* cpu.kmalloc(inode);
            if (y === null) return;
            yield* cpu.mutex_lock(x.i_mutex);
            yield* cpu.mutex_lock(y.i_mutex);
            yield* cpu.mutex_unlock(y.i_mutex);
            yield* cpu.mutex_lock_nested(y.i_mutex, 1);
            yield* cpu.mutex_unlock(y.i_mutex);
            yield* cpu.mutex_unlock(x.i_mutex);
          },
        },
      };
    });
    expect(first).toEqual([
      '&inode->i_mutex -(EN)-> &inode->i_mutex',
      '&inode->i_mutex -(EN)-> &inode->i_mutex/1',
    ]);
  });

  it('keep the level of a lock that is held, whatever is given back below it', () => {
    const { first } = seen((m) => {
      const [a, b, c] = [m.spinlock('a'), m.spinlock('b'), m.spinlock('c')];
      return {
        actors: {
          *t(cpu) {
            yield* cpu.spin_lock(a);
            yield* cpu.spin_lock_nested(b, 1);
            yield* cpu.spin_unlock(a);
            yield* cpu.spin_lock(c);
            yield* cpu.spin_unlock(c);
            yield* cpu.spin_unlock(b);
            yield* cpu.spin_lock(b);
            yield* cpu.spin_lock(c);
            yield* cpu.spin_unlock(c);
            yield* cpu.spin_unlock(b);
          },
        },
      };
    });
    expect(first).toEqual(['a -(EN)-> b/1', 'b/1 -(EN)-> c', 'b -(EN)-> c']);
  });
});

suite('interrupts', () => {
  it('are noted where a lock is taken in one, and where it is held while one could come', () => {
    const { first } = seen((m) => {
      const [plain, bh, irq] = [m.spinlock('plain'), m.spinlock('bh'), m.spinlock('irq')];
      const taken = m.spinlock('taken');
      return {
        actors: {
          *t(cpu) {
            yield* cpu.spin_lock(plain);
            yield* cpu.spin_unlock(plain);
            yield* cpu.spin_lock_bh(bh);
            yield* cpu.spin_unlock_bh(bh);
            yield* cpu.spin_lock_irq(irq);
            yield* cpu.spin_unlock_irq(irq);
          },
          handler: {
            cpu: 0,
            interrupt: { kind: 'hardirq', times: 1 },
            path: function* (cpu) {
              yield* cpu.spin_lock(taken);
              yield* cpu.spin_unlock(taken);
            },
          },
        },
      };
    });
    expect(first).toEqual([
      'plain on hardirq (write)',
      'plain on softirq (write)',
      'bh on hardirq (write)',
    ]);
  });

  it('are noted where they are enabled while a lock is held', () => {
    const { first } = seen((m) => {
      const lock = m.spinlock('lock');
      return {
        actors: {
          *t(cpu) {
            yield* cpu.spin_lock_irq(lock);
            yield* cpu.local_irq_enable();
            yield* cpu.spin_unlock(lock);
          },
          handler: {
            cpu: 0,
            interrupt: { kind: 'softirq', times: 1 },
            path: function* (cpu) {
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_unlock(lock);
            },
          },
        },
      };
    });
    expect(first).toContain('lock on hardirq (write)');
  });

  it('cost nothing where there are none', () => {
    const { machine } = executionOf((m) => {
      const lock = m.mutex('lock');
      return {
        actors: crowd(
          't',
          2,
          () =>
            function* (cpu) {
              yield* cpu.mutex_lock(lock);
              yield* cpu.mutex_unlock(lock);
            },
        ),
      };
    });
    expect({ alert: machine.lockdep.alert, attention: machine.attention }).toEqual({
      alert: false,
      attention: false,
    });
  });
});

suite('events', () => {
  it('depend on what a spawned thread needs, and waiting makes a dependency on its end', () => {
    const { first } = seen((m) => {
      const [outer, inner] = [m.mutex('outer'), m.mutex('inner')];
      return {
        actors: {
          *main(cpu) {
            for (let n = 0; n < 2; n++) {
              const child = yield* cpu.spawn('child', function* (on) {
                yield* on.mutex_lock(inner);
                yield* on.mutex_unlock(inner);
              });
              yield* cpu.mutex_lock(outer);
              yield* cpu.join(child);
              yield* cpu.mutex_unlock(outer);
            }
          },
        },
      };
    });
    expect(first).toEqual([
      'the end of main/child -(EN)-> inner',
      'outer -(EN)-> the end of main/child',
    ]);
  });
});
