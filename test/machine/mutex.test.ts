import { describe, expect, it } from 'vitest';
import type { Cpu, Mutex, Path } from '../../src/machine/index.js';
import { everySchedule, fine, goingOn, sentenceOf } from '../support/run.js';

describe('a mutex', () => {
  it('lets one thread at a time into its section, and the update under it is never lost', () => {
    const { verdicts, looks, schedules } = everySchedule((m) => {
      const lock = m.mutex('lock');
      const x = m.cell('x', 0);
      function* add(cpu: Cpu): Path {
        yield* cpu.mutex_lock(lock);
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        yield* cpu.mutex_unlock(lock);
      }
      return { actors: { a: add, b: add, c: add }, look: () => x.peek() };
    });
    expect({ verdicts, looks, schedules }).toEqual({ verdicts: [fine], looks: [3], schedules: 6 });
  });

  it('goes to any of those who wait for it', () => {
    const { looks } = everySchedule((m) => {
      const lock = m.mutex('lock');
      const order = m.cell('order', '');
      const body = (name: string) =>
        function* (cpu: Cpu): Path {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(order, (yield* cpu.read(order)) + name);
          yield* cpu.mutex_unlock(lock);
        };
      return {
        actors: { a: body('a'), b: body('b'), c: body('c') },
        look: () => order.peek(),
      };
    });
    expect(looks).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });

  it('is not recursive: its owner deadlocks on it, alone', () => {
    const verdict = goingOn((m) => {
      const lock = m.mutex('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_lock(lock);
          },
        },
      };
    });
    expect(verdict).toEqual({
      kind: 'deadlock',
      cycle: [{ thread: 'a', operation: 'mutex_lock', waitsFor: 'lock', heldBy: 'a' }],
      message: 'a waits for lock in mutex_lock(), held by a',
    });
  });

  it('is unlocked by its owner only', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.mutex('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          },
          *b(cpu) {
            yield* cpu.mutex_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'mutex_unlock(lock) by a non-owner: a holds it (thread b)',
      'mutex_unlock(lock) by a non-owner: nobody holds it (thread b)',
    ]);
  });

  it('is not taken by a trylock while somebody has it, which then does not wait', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.mutex('lock');
      const taken = m.cell('taken', 'not tried');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          },
          *b(cpu) {
            const got = yield* cpu.mutex_trylock(lock);
            yield* cpu.write(taken, got ? 'taken' : 'busy');
            if (got) yield* cpu.mutex_unlock(lock);
          },
        },
        look: () => taken.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: ['busy', 'taken'] });
  });

  it('taken by a trylock excludes others', () => {
    expect(
      everySchedule((m) => {
        const lock = m.mutex('lock');
        const inside = m.cell('inside', 0);
        function* section(cpu: Cpu): Path {
          yield* cpu.write(inside, (yield* cpu.read(inside)) + 1);
          yield* cpu.BUG_ON((yield* cpu.read(inside)) !== 1, 'two threads are inside');
          yield* cpu.write(inside, 0);
          yield* cpu.mutex_unlock(lock);
        }
        return {
          actors: {
            *a(cpu) {
              if (yield* cpu.mutex_trylock(lock)) yield* section(cpu);
            },
            *b(cpu) {
              yield* cpu.mutex_lock(lock);
              yield* section(cpu);
            },
          },
        };
      }).verdicts,
    ).toEqual([fine]);
  });

  it('that is not locked at all lets the same section break', () => {
    const broken = (take: (cpu: Cpu, lock: Mutex) => Cpu): readonly string[] =>
      everySchedule((m) => {
        const lock = m.mutex('lock');
        const x = m.cell('x', 0);
        function* add(given: Cpu): Path {
          const cpu = take(given, lock);
          yield* cpu.mutex_lock(lock);
          yield* cpu.lockdep_assert_held(lock);
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.mutex_unlock(lock);
        }
        return { actors: { a: add, b: add }, look: () => x.peek() };
      }).looks as string[];
    expect(broken((cpu) => cpu)).toEqual([2]);
    expect(broken((cpu, lock) => cpu.without(lock.lockClass))).toEqual([1, 2]);
    expect(broken((cpu) => cpu.without('another lock'))).toEqual([2]);
  });
});

describe('a trylock of a lock class that a mutant leaves out', () => {
  it('claims to have taken the lock', () => {
    expect(
      sentenceOf((m) => {
        const lock = m.mutex('lock');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mutex_lock(lock);
              const deaf = cpu.without('lock');
              yield* cpu.BUG_ON(!(yield* deaf.mutex_trylock(lock)), 'the mutant saw the lock');
              yield* cpu.mutex_unlock(lock);
            },
          },
        };
      }),
    ).toBe(fine);
  });
});
