import { describe, expect, it } from 'vitest';
import { replay } from '../../scheduler/index.js';
import {
  type Allocated,
  type Cpu,
  type Memory,
  type Mutex,
  path,
  type Path,
} from '../../src/machine/index.js';
import { lockSteps, renderLockSteps } from '../../src/trace/lock-steps.js';
import { program, type Cast } from '../support/program.js';
import type { Setup } from '../support/run.js';

/** The rows of the default schedule, as words. */
function rowsOf(setup: Setup): string[] {
  const { trace } = replay(program('test', setup), []);
  return lockSteps(trace).map(
    (row) => `${row.function} ${row.lockClass} ${String(row.steps)} ${String(row.longest)}`,
  );
}

class Node implements Allocated {
  readonly memory: Memory;
  readonly lock: Mutex;
  constructor(memory: Memory) {
    this.memory = memory;
    this.lock = memory.mutex('lock');
  }
}

describe('steps under locks', () => {
  it('are counted from after the acquisition up to and with the release', () => {
    const rows = rowsOf((m): Cast => {
      const [x, lock] = [m.cell('x', 0), m.mutex('m')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield* cpu.mutex_lock(lock);
            yield* cpu.read(x);
            yield* cpu.write(x, 1);
            yield* cpu.mutex_unlock(lock);
            yield* cpu.read(x);
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          },
          *b(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    });
    expect(rows).toEqual(['a m 4 3']);
  });

  it('belong to every open function, and to each class of locks that is held', () => {
    const rows = rowsOf((m): Cast => {
      const [x, outer, inner] = [m.cell('x', 0), m.mutex('outer'), m.rwsem('inner')];
      const helper = path('helper', function* (cpu: Cpu): Path {
        yield* cpu.down_read(inner);
        yield* cpu.read(x);
        yield* cpu.up_read(inner);
      });
      const caller = path('caller', function* (cpu: Cpu): Path {
        yield* cpu.mutex_lock(outer);
        yield* helper(cpu);
        yield* cpu.read(x);
        yield* cpu.mutex_unlock(outer);
      });
      return { actors: { a: caller } };
    });
    expect(rows).toEqual([
      'caller outer 5 5',
      'caller inner 2 2',
      'helper outer 3 3',
      'helper inner 2 2',
    ]);
  });

  it('count once under two locks of one class, whose sections are told apart', () => {
    const rows = rowsOf((m): Cast => {
      const [one, other, x] = [m.object(Node, 'one'), m.object(Node, 'other'), m.cell('x', 0)];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(one.lock);
            yield* cpu.mutex_lock(other.lock);
            yield* cpu.read(x);
            yield* cpu.mutex_unlock(one.lock);
            yield* cpu.read(x);
            yield* cpu.mutex_unlock(other.lock);
          },
        },
      };
    });
    expect(rows).toEqual(['a lock 5 4']);
  });

  it('make a table that says what it counts', () => {
    const rows = [
      { function: 'cgroup_post_fork', lockClass: 'css_set_rwsem', steps: 12, longest: 4 },
      { function: 'exit', lockClass: 'siglock', steps: 3, longest: 3 },
    ];
    expect(renderLockSteps(rows).split('\n')).toEqual([
      'function          lock class     steps  longest section',
      'cgroup_post_fork  css_set_rwsem     12                4',
      'exit              siglock            3                3',
      '',
      'Counts of model steps in this execution; they say nothing about time.',
    ]);
    expect(renderLockSteps([])).toBe('No step was taken under a lock.');
  });
});
