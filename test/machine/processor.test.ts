import { describe, expect, it } from 'vitest';
import { prove } from '../../scheduler/index.js';
import type { Cpu, Path } from '../../src/machine/index.js';
import { at, crowd, list, program } from '../support/program.js';
import { after, everySchedule, executionOf, fine, sentenceOf } from '../support/run.js';

describe('a thread', () => {
  it('has a CPU of its own unless it is placed, or there are fewer', () => {
    const ids = (cpus: number | undefined, placed?: number): number[] => {
      const seen: number[] = [];
      function* note(cpu: Cpu): Path {
        seen.push(cpu.id);
      }
      const last = placed === undefined ? note : { path: note, cpu: placed };
      executionOf(() => ({ actors: { a: note, b: note, c: last } }), { cpus }).run();
      return seen;
    };
    expect(ids(undefined)).toEqual([0, 1, 2]);
    expect(ids(2)).toEqual([0, 1, 0]);
    expect(ids(undefined, 0)).toEqual([1, 2, 0]);
  });
});

describe('preempt_disable()', () => {
  const shared = (sections: number) => ({
    setup: (m: Parameters<Parameters<typeof everySchedule>[0]>[0]) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *pinned(cpu: Cpu): Path {
            yield* cpu.write(x, 1);
            for (let i = 0; i < sections; i++) yield* cpu.preempt_disable();
            yield* cpu.write(x, 2);
            yield* cpu.write(x, 2);
            for (let i = 0; i < sections; i++) yield* cpu.preempt_enable();
            yield* cpu.write(x, 3);
          },
          *other(cpu: Cpu): Path {
            yield* cpu.read(x);
          },
        },
      };
    },
  });

  it('keeps other threads off the CPU, from the step that follows to the one before its end', () => {
    const { setup } = shared(1);
    expect(after(setup, 'pinned', { cpus: 1 }).runnable).toEqual(['other', 'pinned']);
    expect(after(setup, 'pinned pinned', { cpus: 1 }).runnable).toEqual(['pinned']);
    expect(after(setup, 'pinned pinned pinned', { cpus: 1 }).runnable).toEqual(['other', 'pinned']);
  });

  it('nests', () => {
    const { setup } = shared(2);
    expect(after(setup, 'pinned', { cpus: 1 }).runnable).toEqual(['other', 'pinned']);
    expect(after(setup, 'pinned pinned', { cpus: 1 }).runnable).toEqual(['pinned']);
    expect(after(setup, 'pinned pinned pinned', { cpus: 1 }).runnable).toEqual(['other', 'pinned']);
  });

  it('keeps nobody off another CPU', () => {
    expect(after(shared(1).setup, 'pinned pinned', { cpus: 2 }).runnable).toEqual([
      'other',
      'pinned',
    ]);
  });

  it('is undone for the next execution', () => {
    const execution = executionOf(
      (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(x);
            },
            *b(cpu) {
              yield* cpu.read(x);
              yield* cpu.preempt_disable();
              yield* cpu.read(x);
            },
          },
        };
      },
      { cpus: 1 },
    );
    expect([execution.run().kind, execution.run().kind]).toEqual(['ok', 'ok']);
  });

  it('as the first thing that a thread does takes effect when the thread has begun', () => {
    const { looks } = everySchedule(
      (m) => {
        const x = m.cell('x', '');
        const body = (name: string) =>
          function* (cpu: Cpu): Path {
            yield* cpu.preempt_disable();
            yield* cpu.write(x, (yield* cpu.read(x)) + name);
            yield* cpu.preempt_enable();
          };
        return { actors: { a: body('a'), b: body('b') }, look: () => x.peek() };
      },
      { cpus: 1 },
    );
    expect(looks).toEqual(['ab', 'ba']);
  });
});

describe('a spinlock holder', () => {
  const setup: Parameters<typeof after>[0] = (m) => {
    const lock = m.spinlock('lock');
    const x = m.cell('x', 0);
    return {
      actors: {
        *holder(cpu) {
          yield* cpu.spin_lock(lock);
          yield* cpu.spin_unlock(lock);
        },
        *waiter(cpu) {
          yield* cpu.spin_lock(lock);
          yield* cpu.spin_unlock(lock);
        },
        *bystander(cpu) {
          yield* cpu.read(x);
        },
      },
    };
  };

  it('cannot be preempted on its CPU', () => {
    expect(after(setup, 'holder', { cpus: 1 }).runnable).toEqual(['holder']);
    expect(after(setup, 'holder holder', { cpus: 1 }).runnable).toEqual(['bystander', 'waiter']);
  });

  it('is no obstacle on other CPUs, except for who waits for the lock', () => {
    expect(after(setup, 'holder').runnable).toEqual(['bystander', 'holder']);
    expect(after(setup, 'holder holder').runnable).toEqual(['bystander', 'waiter']);
  });

  it('that ends with preemption off leaves its CPU to nobody', () => {
    expect(
      sentenceOf(
        (m) => {
          const x = m.cell('x', 0);
          return {
            actors: {
              *holder(cpu) {
                yield* cpu.preempt_disable();
                yield* cpu.read(x);
              },
              *other(cpu) {
                yield* cpu.read(x);
              },
            },
          };
        },
        { cpus: 1 },
      ),
    ).toBe('other waits for CPU0 in read(), held by holder');
  });
});

describe('a mutex holder', () => {
  it('can be preempted on its CPU', () => {
    expect(
      after(
        (m) => {
          const lock = m.mutex('lock');
          const x = m.cell('x', 0);
          return {
            actors: {
              *holder(cpu) {
                yield* cpu.mutex_lock(lock);
                yield* cpu.mutex_unlock(lock);
              },
              *other(cpu) {
                yield* cpu.read(x);
              },
            },
          };
        },
        'holder',
        { cpus: 1 },
      ).runnable,
    ).toEqual(['holder', 'other']);
  });
});

describe('three philosophers with spinlocks', () => {
  const philosophers = (cpus: number) =>
    program(
      `philosophers on ${String(cpus)} CPUs`,
      (m) => {
        const forks = list(3, (i) => m.spinlock(`fork${String(i)}`));
        return {
          actors: crowd(
            'p',
            3,
            (i) =>
              function* (cpu) {
                yield* cpu.spin_lock(at(forks, i));
                yield* cpu.spin_lock(at(forks, (i + 1) % 3));
                yield* cpu.spin_unlock(at(forks, (i + 1) % 3));
                yield* cpu.spin_unlock(at(forks, i));
              },
          ),
        };
      },
      { cpus },
    );

  it('cannot deadlock on two CPUs, because nobody loses his CPU with a fork in his hand', () => {
    expect(prove(philosophers(2))).toMatchObject({ outcome: 'proved', complete: true });
    expect(prove(philosophers(1))).toMatchObject({ outcome: 'proved', complete: true });
  });

  it('can deadlock on three', () => {
    const { outcome, minimal, finding } = prove(philosophers(3));
    expect({
      outcome,
      minimal,
      kind: finding?.verdict.kind,
      preemptions: finding?.preemptions,
    }).toEqual({ outcome: 'broken', minimal: true, kind: 'deadlock', preemptions: 1 });
  });
});

describe('the atomic context', () => {
  type Prefix = (cpu: Cpu) => Path;
  const sleepers = ['mutex_lock', 'down_read', 'down_write', 'join'] as const;

  it.each(sleepers)('admits no %s()', (name) => {
    const sentence = (prefix: Prefix): string =>
      sentenceOf((m) => {
        const [mutex, sem] = [m.mutex('mutex'), m.rwsem('sem')];
        return {
          actors: {
            *a(cpu) {
              const child = yield* cpu.spawn('child', function* () {
                // It ends at once.
              });
              yield* prefix(cpu);
              if (name === 'join') {
                yield* cpu.join(child);
              } else if (name === 'mutex_lock') {
                yield* cpu.mutex_lock(mutex);
                yield* cpu.mutex_unlock(mutex);
              } else {
                yield* cpu[name](sem);
                yield* name === 'down_read' ? cpu.up_read(sem) : cpu.up_write(sem);
              }
            },
          },
        };
      });
    expect(
      sentence(function* (cpu) {
        yield* cpu.preempt_disable();
      }),
    ).toBe(`sleeping function ${name}() called from invalid context (thread a)`);
    expect(
      sentence(function* (cpu) {
        yield* cpu.preempt_disable();
        yield* cpu.preempt_enable();
      }),
    ).toBe(fine);
  });

  it('admits a mutex_trylock(), a spin_lock() and memory', () => {
    expect(
      sentenceOf((m) => {
        const [mutex, lock, x] = [m.mutex('mutex'), m.spinlock('lock'), m.cell('x', 0)];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.preempt_disable();
              yield* cpu.mutex_trylock(mutex);
              yield* cpu.spin_lock(lock);
              yield* cpu.write(x, 1);
              yield* cpu.spin_unlock(lock);
              yield* cpu.mutex_unlock(mutex);
            },
          },
        };
      }),
    ).toBe(fine);
  });
});
