import { describe, expect, it } from 'vitest';
import type { Allocated, Cell, Cpu, Memory, Path } from '../../../src/machine/index.js';
import { after, everySchedule, executionOf, fine, type Setup } from '../../support/run.js';

class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 7);
  }
}

/** A read section of two steps. */
function* section(cpu: Cpu, x: Cell<number>): Path {
  yield* cpu.rcu_read_lock();
  yield* cpu.read(x);
  yield* cpu.read(x);
  yield* cpu.rcu_read_unlock();
}

describe('call_rcu()', () => {
  const queued: Setup = (m) => {
    const x = m.cell('x', 0);
    return {
      actors: {
        *reader(cpu) {
          yield* section(cpu, x);
        },
        *updater(cpu) {
          yield* cpu.call_rcu('free_x', function* (own) {
            yield* own.write(x, 1);
          });
          yield* cpu.read(x);
        },
      },
      look: () => x.peek(),
    };
  };

  it('runs the callback as a thread named by who queued it, once the sections of the call have ended', () => {
    expect(after(queued, 'reader updater').runnable).toEqual(['reader', 'updater']);
    const over = after(queued, 'reader updater reader');
    expect(over.runnable).toEqual(['updater', 'updater/free_x']);
  });

  it('does not wait for sections that began later, nor for the thread that called it', () => {
    expect(after(queued, 'updater reader').runnable).toEqual([
      'reader',
      'updater',
      'updater/free_x',
    ]);
  });

  it('runs the callback before an execution is over', () => {
    expect(everySchedule(queued)).toMatchObject({ verdicts: [fine], looks: [1] });
  });

  it('runs the callback to its end before the thread that it has interrupted goes on', () => {
    const two: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.call_rcu('back', function* (own) {
              yield* own.read(x);
              yield* own.read(x);
            });
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(after(two, 'updater updater/back').runnable).toEqual(['updater/back']);
    expect(after(two, 'updater updater/back updater/back').runnable).toEqual(['updater/back']);
    const all = 'updater updater/back updater/back updater/back';
    expect(after(two, all).runnable).toEqual(['updater']);
  });

  it('keeps to the CPU and its softirqs: none runs while they are off there', () => {
    const off: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.local_bh_disable();
            yield* cpu.call_rcu('back', function* (own) {
              yield* own.read(x);
            });
            yield* cpu.read(x);
            yield* cpu.local_bh_enable();
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(after(off, 'updater').runnable).toEqual(['updater']);
    expect(after(off, 'updater updater').runnable).toEqual(['updater', 'updater/back']);
  });

  it('runs the callbacks of one CPU in the order of queueing, and those of two in any', () => {
    const order = (cpus: number): readonly unknown[] =>
      everySchedule(
        (m) => {
          const x = m.cell('x', '');
          const body = (name: string) =>
            function* (cpu: Cpu): Path {
              yield* cpu.call_rcu('back', function* (own) {
                yield* own.write(x, (yield* own.read(x)) + name);
              });
            };
          const [a, b] = [body('a'), body('b')];
          return {
            actors: {
              *main(cpu) {
                yield* a(cpu);
                if (cpus === 1) yield* b(cpu);
                else yield* cpu.join(yield* cpu.spawn('other', b));
              },
            },
            look: () => x.peek(),
          };
        },
        { cpus },
      ).looks;
    expect(order(1)).toEqual(['ab']);
    expect(order(2)).toEqual(['a', 'ab', 'b', 'ba']);
  });

  it('may not sleep in the callback', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.mutex('lock');
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.call_rcu('back', function* (own) {
              yield* own.mutex_lock(lock);
              yield* own.mutex_unlock(lock);
            });
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'sleeping function mutex_lock() called from invalid context (thread updater/back)',
    ]);
  });

  it('runs the callback in a thread under PREEMPT_RT, where it may not sleep either', () => {
    const setup =
      (sleeps: boolean): Setup =>
      (m) => {
        const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
        return {
          actors: {
            *updater(cpu) {
              yield* cpu.call_rcu('back', function* (own) {
                yield* own.write(x, 1);
                if (sleeps) yield* own.mutex_lock(lock);
              });
              yield* cpu.read(x);
            },
          },
          look: () => x.peek(),
        };
      };
    const rt = { rt: true };
    expect(after(setup(false), 'updater updater/back', rt).runnable).toEqual([
      'updater',
      'updater/back',
    ]);
    expect(everySchedule(setup(false), rt)).toMatchObject({ verdicts: [fine], looks: [1] });
    expect(everySchedule(setup(true), rt).verdicts).toEqual([
      'updater/back may sleep in mutex_lock() inside an RCU read section (K-11)',
    ]);
  });

  it('finds the callback that waits for a lock of the thread that it has interrupted', () => {
    const locked = (bh: boolean): readonly string[] =>
      everySchedule((m) => {
        const [x, lock] = [m.cell('x', 0), m.spinlock('lock')];
        return {
          actors: {
            *updater(cpu) {
              yield* cpu.call_rcu('back', function* (own) {
                yield* own.spin_lock(lock);
                yield* own.spin_unlock(lock);
              });
              if (bh) yield* cpu.local_bh_disable();
              yield* cpu.spin_lock(lock);
              yield* cpu.read(x);
              yield* cpu.spin_unlock(lock);
              if (bh) yield* cpu.local_bh_enable();
            },
          },
        };
      }).verdicts;
    expect(locked(false)).toEqual(
      [
        fine,
        'updater/back waits for lock in spin_lock(), held by updater; ' +
          'updater waits for CPU0 in read(), held by updater/back',
        'updater/back waits for lock in spin_lock(), held by updater; ' +
          'updater waits for CPU0 in spin_unlock(), held by updater/back',
      ].sort(),
    );
    expect(locked(true)).toEqual([fine]);
  });

  it('lets interrupts come as long as a callback is left', () => {
    const { looks } = everySchedule((m) => {
      const x = m.cell('x', '');
      const add = (name: string) =>
        function* (cpu: Cpu): Path {
          yield* cpu.write(x, (yield* cpu.read(x)) + name);
        };
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.call_rcu('back', add('c'));
          },
          irq: { cpu: 0, interrupt: { kind: 'hardirq', times: 1 }, path: add('i') },
        },
        look: () => x.peek(),
      };
    });
    // ic: before the callback; ci would be after everything.
    expect(looks).toEqual(['c', 'ic']);
  });

  it('is undone when an execution is abandoned', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *reader(cpu) {
            yield* section(cpu, x);
            yield* cpu.BUG_ON(true, 'over');
          },
          *updater(cpu) {
            yield* cpu.call_rcu('back', function* (own) {
              yield* own.read(x);
            });
          },
        },
      };
    });
    expect([execution.run(), execution.run()].map(({ kind }) => kind)).toEqual(['panic', 'panic']);
  });
});

describe('kfree_rcu()', () => {
  /** A reader follows a pointer that an updater clears; then the object is freed. */
  const published =
    (free: (cpu: Cpu, thing: Thing) => Path): Setup =>
    (m) => {
      const thing = m.object(Thing, 'thing');
      const gp = m.rcuPointer<Thing | null>('gp', thing);
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            const seen = yield* cpu.rcu_dereference(gp);
            if (seen !== null) yield* cpu.read(seen.value);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            yield* cpu.rcu_assign_pointer(gp, null);
            yield* free(cpu, thing);
          },
        },
        look: () => thing.memory.peekFreed(),
      };
    };

  it('frees the object, and no reader sees it freed', () => {
    const setup = published(function* (cpu, thing) {
      yield* cpu.kfree_rcu(thing);
    });
    expect(everySchedule(setup)).toMatchObject({ verdicts: [fine], looks: [true] });
  });

  it('does what kfree() after synchronize_rcu() does, and kfree() alone does not', () => {
    const waits = published(function* (cpu, thing) {
      yield* cpu.synchronize_rcu();
      yield* cpu.kfree(thing);
    });
    expect(everySchedule(waits)).toMatchObject({ verdicts: [fine], looks: [true] });
    const hastens = published(function* (cpu, thing) {
      yield* cpu.kfree(thing);
    });
    expect(everySchedule(hastens).verdicts).toEqual([
      fine,
      'use after free: read() on thing.value (thread reader)',
    ]);
  });

  it('is found to be too early where it comes before the pointer is cleared', () => {
    const { verdicts } = everySchedule((m) => {
      const thing = m.object(Thing, 'thing');
      const gp = m.rcuPointer<Thing | null>('gp', thing);
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            const seen = yield* cpu.rcu_dereference(gp);
            if (seen !== null) yield* cpu.read(seen.value);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            yield* cpu.kfree_rcu(thing);
            yield* cpu.rcu_assign_pointer(gp, null);
          },
        },
      };
    });
    expect(verdicts).toContain('use after free: read() on thing.value (thread reader)');
  });

  it('twice is a double free', () => {
    const { verdicts } = everySchedule((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.kfree_rcu(thing);
            yield* cpu.kfree_rcu(thing);
          },
        },
      };
    });
    expect(verdicts).toEqual(['double free of thing (thread updater/kfree_rcu#2)']);
  });
});

describe('rcu_barrier()', () => {
  const unload =
    (wait: (cpu: Cpu) => Path): Setup =>
    (m) => {
      const [x, module] = [m.cell('x', 0), m.object(Thing, 'module')];
      return {
        actors: {
          *reader(cpu) {
            yield* section(cpu, x);
          },
          *unload(cpu) {
            yield* cpu.call_rcu('callback', function* (own) {
              yield* own.read(module.value);
            });
            yield* wait(cpu);
            yield* cpu.kfree(module);
          },
        },
      };
    };

  it('returns when the callbacks queued before it have returned', () => {
    const setup = unload(function* (cpu) {
      yield* cpu.rcu_barrier();
    });
    expect(everySchedule(setup).verdicts).toEqual([fine]);
    expect(after(setup, 'unload unload').runnable).toEqual(['reader', 'unload/callback']);
  });

  it('is more than synchronize_rcu(), which does not wait for callbacks', () => {
    const { verdicts } = everySchedule(
      unload(function* (cpu) {
        yield* cpu.synchronize_rcu();
      }),
    );
    expect(verdicts).toEqual([
      fine,
      'use after free: read() on module.value (thread unload/callback)',
    ]);
  });

  it('does not wait for callbacks that are queued later', () => {
    const later: Setup = (m) => {
      const x = m.cell('x', 0);
      const callback = function* (own: Cpu): Path {
        yield* own.read(x);
      };
      return {
        actors: {
          *a(cpu) {
            yield* cpu.call_rcu('callback', callback);
            yield* cpu.rcu_barrier();
          },
          *b(cpu) {
            yield* cpu.call_rcu('callback', callback);
          },
        },
      };
    };
    expect(after(later, 'a a b a/callback a/callback').runnable).toEqual(['a', 'b/callback']);
  });

  it('may not be called in a callback', () => {
    const { verdicts } = everySchedule(() => ({
      actors: {
        *t(cpu) {
          yield* cpu.call_rcu('callback', function* (own) {
            yield* own.rcu_barrier();
          });
        },
      },
    }));
    expect(verdicts).toEqual([
      'sleeping function rcu_barrier() called from invalid context (thread t/callback)',
    ]);
  });
});
