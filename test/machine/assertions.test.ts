import { describe, expect, it } from 'vitest';
import type { Cpu, Lock, Machine, Path, Step } from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, goingOn, sentenceOf } from '../support/run.js';

const alone = (body: (cpu: Cpu) => Path): string => sentenceOf(() => ({ actors: { a: body } }));

describe('BUG_ON()', () => {
  it('is a panic if its condition is true, and its thread never goes on', () => {
    let wentOn = false;
    expect(
      alone(function* (cpu) {
        yield* cpu.BUG_ON(true, 'it is on two lists');
        wentOn = true;
      }),
    ).toBe('BUG: it is on two lists (thread a)');
    expect(wentOn).toBe(false);
  });

  it('is nothing, and no event, if its condition is false', () => {
    const { verdicts, steps } = everySchedule(() => ({
      actors: {
        *a(cpu) {
          yield* cpu.BUG_ON(false, 'it is on two lists');
        },
      },
    }));
    expect({ verdicts, steps }).toEqual({ verdicts: [fine], steps: 0 });
  });

  it('ends only its own thread where executions go on after a failure', () => {
    const execution = executionOf(
      (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.BUG_ON(true, 'stop');
              yield* cpu.write(x, 2);
            },
            *b(cpu) {
              yield* cpu.read(x);
              yield* cpu.read(x);
            },
          },
        };
      },
      { all: true },
    );
    expect(execution.run()).toEqual({ kind: 'panic', thread: 'a', message: 'BUG: stop' });
    expect(execution.steps).toBe(3);
    expect(execution.machine.stateLines()).toEqual(['a: stopped', 'b: ended', 'x=1']);
  });
});

describe('assert()', () => {
  it('is a panic if its condition is false', () => {
    expect(
      alone(function* (cpu) {
        yield* cpu.assert(true);
        yield* cpu.assert(false);
      }),
    ).toBe('BUG: assertion failed (thread a)');
  });
});

describe('WARN_ON()', () => {
  it('is a warning if its condition is true, and returns the condition', () => {
    const returned: boolean[] = [];
    const verdict = goingOn(
      () => ({
        actors: {
          *a(cpu) {
            returned.push(yield* cpu.WARN_ON(false, 'odd'));
            returned.push(yield* cpu.WARN_ON(true, 'odd'));
          },
        },
      }),
      { all: true },
    );
    expect(verdict).toEqual({ kind: 'warning', thread: 'a', message: 'WARNING: odd' });
    expect(returned).toEqual([false, true]);
  });
});

describe('lockdep_assert_held()', () => {
  type Use = (cpu: Cpu, lock: never) => Path<unknown>;
  it.each<readonly [string, (m: Machine) => Lock, Use, Use]>([
    [
      'mutex_lock',
      (m) => m.mutex('lock'),
      (cpu, lock) => once(cpu.mutex_lock(lock)),
      (cpu, lock) => once(cpu.mutex_unlock(lock)),
    ],
    [
      'spin_lock',
      (m) => m.spinlock('lock'),
      (cpu, lock) => once(cpu.spin_lock(lock)),
      (cpu, lock) => once(cpu.spin_unlock(lock)),
    ],
    [
      'read_lock',
      (m) => m.rwlock('lock'),
      (cpu, lock) => once(cpu.read_lock(lock)),
      (cpu, lock) => once(cpu.read_unlock(lock)),
    ],
    [
      'write_lock',
      (m) => m.rwlock('lock'),
      (cpu, lock) => once(cpu.write_lock(lock)),
      (cpu, lock) => once(cpu.write_unlock(lock)),
    ],
    [
      'down_read',
      (m) => m.rwsem('lock'),
      (cpu, lock) => once(cpu.down_read(lock)),
      (cpu, lock) => once(cpu.up_read(lock)),
    ],
    [
      'down_write',
      (m) => m.rwsem('lock'),
      (cpu, lock) => once(cpu.down_write(lock)),
      (cpu, lock) => once(cpu.up_write(lock)),
    ],
  ])('warns unless the thread itself holds the lock: %s', (_, make, take, give) => {
    const sentences = (who: 'nobody' | 'other' | 'self'): readonly string[] =>
      everySchedule((m) => {
        const lock = make(m);
        const x = m.cell('x', 0);
        function* holding(cpu: Cpu, inside: () => Path): Path {
          yield* take(cpu, lock as never);
          yield* inside();
          yield* give(cpu, lock as never);
        }
        return {
          actors: {
            *other(cpu) {
              const inside = function* (): Path {
                yield* cpu.read(x);
              };
              if (who === 'other') yield* holding(cpu, inside);
            },
            *a(cpu) {
              const inside = function* (): Path {
                yield* cpu.read(x);
                yield* cpu.lockdep_assert_held(lock);
              };
              yield* who === 'self' ? holding(cpu, inside) : inside();
            },
          },
        };
      }).verdicts;
    const warning = 'WARNING: lockdep_assert_held(lock): it is not held (thread a)';
    expect([sentences('self'), sentences('other'), sentences('nobody')]).toEqual([
      [fine],
      [warning],
      [warning],
    ]);
  });
});

/** A path of one step. */
function* once<R>(step: Step<R>): Path<R> {
  return yield* step;
}
