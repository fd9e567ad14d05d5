import { describe, expect, it } from 'vitest';
import type { Cpu, Memory, Path, WaitQueue } from '../../../src/machine/index.js';
import { everySchedule, fine, sentenceOf } from '../../support/run.js';

describe('schedule()', () => {
  it('is a step that changes nothing where the task is running', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      let seen: number[] = [];
      return {
        actors: {
          *a(cpu) {
            const before = yield* cpu.read(x);
            yield* cpu.schedule();
            seen = [before, yield* cpu.read(x)];
          },
          *b(cpu) {
            yield* cpu.write(x, 1);
          },
        },
        look: () => seen,
      };
    });
    expect(verdicts).toEqual([fine]);
    expect(looks).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('with preemption off is a panic', () => {
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(x);
              yield* cpu.preempt_disable();
              yield* cpu.schedule();
            },
          },
        };
      }),
    ).toBe('sleeping function schedule() called from invalid context (thread a)');
  });
});

describe('a thread that is about to sleep', () => {
  it('must not call what may sleep itself', () => {
    const sentence = (finish: boolean): string =>
      sentenceOf((m) => {
        const [wq, lock] = [m.waitqueue('wq'), m.mutex('lock')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.prepare_to_wait(wq);
              if (finish) yield* cpu.finish_wait(wq);
              yield* cpu.mutex_lock(lock);
              yield* cpu.mutex_unlock(lock);
            },
          },
        };
      });
    expect(sentence(false)).toBe(
      'do not call blocking ops when !TASK_RUNNING: mutex_lock() (thread a)',
    );
    expect(sentence(true)).toBe(fine);
  });
});

describe('a wait queue in an object that is freed', () => {
  class Trigger {
    readonly memory: Memory;
    readonly wait: WaitQueue;
    constructor(memory: Memory) {
      this.memory = memory;
      this.wait = memory.waitqueue('wait');
    }
  }

  const verdictsOf = (sleeper: (cpu: Cpu, wait: WaitQueue) => Path): readonly string[] =>
    everySchedule((m) => {
      const trigger = m.object(Trigger, 'trigger');
      return {
        actors: {
          *sleeper(cpu) {
            yield* sleeper(cpu, trigger.wait);
          },
          *owner(cpu) {
            if (!(yield* cpu.waitqueue_active(trigger.wait))) return;
            yield* cpu.wake_up(trigger.wait);
            yield* cpu.kfree(trigger);
          },
        },
      };
    }).verdicts.filter((sentence) => !sentence.includes('nobody is left'));

  it('is not touched by a waiter whom the waker took off the queue', () => {
    expect(
      verdictsOf(function* (cpu, wait) {
        yield* cpu.prepare_to_wait(wait);
        yield* cpu.schedule();
        yield* cpu.finish_wait(wait);
      }),
    ).toEqual([fine]);
  });

  it('is used after free by a waiter that takes itself off it', () => {
    expect(
      verdictsOf(function* (cpu, wait) {
        yield* cpu.add_wait_queue(wait);
        yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
        yield* cpu.schedule();
        yield* cpu.remove_wait_queue(wait);
      }),
    ).toEqual([
      fine,
      'use after free: remove_wait_queue() on trigger.wait.waiters (thread sleeper)',
    ]);
  });

  it('is used after free by whoever wakes, waits or looks', () => {
    const sentence = (use: (cpu: Cpu, wait: WaitQueue) => Path<unknown>): string =>
      sentenceOf((m) => {
        const trigger = m.object(Trigger, 'trigger');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.kfree(trigger);
              yield* use(cpu, trigger.wait);
            },
          },
        };
      });
    const uses = ['wake_up', 'wake_up_all', 'prepare_to_wait', 'add_wait_queue'] as const;
    for (const use of [...uses, 'waitqueue_active'] as const) {
      expect(
        sentence(function* (cpu, wait) {
          yield* cpu[use](wait);
        }),
      ).toBe(`use after free: ${use}() on trigger.wait.waiters (thread a)`);
    }
  });
});
