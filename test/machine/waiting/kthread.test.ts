import { describe, expect, it } from 'vitest';
import type { Cpu, Path } from '../../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf } from '../../support/run.js';

/** The loop of a kernel thread; `looksFirst` is the wrong order. */
function* loop(cpu: Cpu, looksFirst: boolean): Path<string> {
  for (;;) {
    if (looksFirst) {
      if (yield* cpu.kthread_should_stop()) break;
      yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
    } else {
      yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
      if (yield* cpu.kthread_should_stop()) break;
    }
    yield* cpu.schedule();
  }
  yield* cpu.set_current_state('TASK_RUNNING');
  return 'stopped';
}

describe('a kernel thread', () => {
  const stopping = (looksFirst: boolean) =>
    everySchedule(() => {
      let seen: unknown;
      return {
        actors: {
          *main(cpu) {
            const thread = yield* cpu.kthread_run('worker', (own) => loop(own, looksFirst));
            seen = yield* cpu.kthread_stop(thread);
          },
        },
        look: () => seen,
      };
    });

  it('that is stopped ends with its result, or never runs its function', () => {
    const { verdicts, looks } = stopping(false);
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: ['stopped', -4] });
  });

  it('that looks before it says it will sleep misses being stopped', () => {
    expect(stopping(true).verdicts).toEqual([
      'main/worker sleeps although what it sleeps until is true: ' +
        'kthread_stop() came before it went to sleep',
      fine,
    ]);
  });

  it('that was only created sleeps until it is woken', () => {
    const sentence = (wakes: boolean): string =>
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *main(cpu) {
              const thread = yield* cpu.kthread_create('worker', function* (own) {
                yield* own.write(x, 1);
              });
              if (wakes) yield* cpu.wake_up_process(thread);
              yield* cpu.join(thread);
              yield* cpu.BUG_ON(x.peek() !== 1, 'it has not run');
            },
          },
        };
      });
    expect(sentence(true)).toBe(fine);
    expect(sentence(false)).toBe(
      'main waits for the end of main/worker in join(), held by main/worker; ' +
        'main/worker waits for a wake-up in schedule(), and nobody is left to wake it',
    );
  });

  it('that ignores being stopped leaves its stopper waiting: a deadlock', () => {
    const verdicts = everySchedule((m) => {
      const wq = m.waitqueue('wq');
      return {
        actors: {
          *main(cpu) {
            const thread = yield* cpu.kthread_run('worker', function* (own) {
              yield* own.wait_event(wq, function* () {
                yield* own.schedule();
                return false;
              });
            });
            yield* cpu.kthread_stop(thread);
          },
        },
      };
    }).verdicts;
    expect(verdicts).toContain(
      'main waits for the end of main/worker in kthread_stop(), held by main/worker; ' +
        'main/worker waits for wq in schedule(), and nobody is left to wake it',
    );
  });

  it('that is stopped by a thread whose lock it needs is a deadlock when that forms', () => {
    const { verdicts } = everySchedule((m) => {
      const [lock, x] = [m.mutex('lock'), m.cell('x', 0)];
      return {
        actors: {
          *main(cpu) {
            const thread = yield* cpu.kthread_run('worker', function* (own) {
              yield* own.mutex_lock(lock);
              yield* own.mutex_unlock(lock);
            });
            yield* cpu.mutex_lock(lock);
            yield* cpu.kthread_stop(thread);
            yield* cpu.mutex_unlock(lock);
          },
          *bystander(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    });
    expect(verdicts).toContain(
      'main waits for the end of main/worker in kthread_stop(), held by main/worker; ' +
        'main/worker waits for lock in mutex_lock(), held by main',
    );
    expect(verdicts).toContain(fine);
  });

  it('can be bound to a CPU before it runs, and not after', () => {
    let on = -1;
    const sentence = (wakesFirst: boolean): string =>
      sentenceOf(() => ({
        actors: {
          *main(cpu) {
            const thread = yield* cpu.kthread_create('worker', function* (own) {
              on = own.id;
            });
            if (wakesFirst) yield* cpu.wake_up_process(thread);
            yield* cpu.kthread_bind(thread, 3);
            if (!wakesFirst) yield* cpu.wake_up_process(thread);
            yield* cpu.join(thread);
          },
        },
      }));
    expect([sentence(false), on]).toEqual([fine, 3]);
    expect(sentence(true)).toBe('kthread_bind(main/worker) after it was woken (thread main)');
  });

  it('is made where one may sleep', () => {
    expect(
      sentenceOf(() => ({
        actors: {
          *main(cpu) {
            yield* cpu.preempt_disable();
            yield* cpu.kthread_run('worker', function* () {
              // It does nothing.
            });
          },
        },
      })),
    ).toBe('sleeping function kthread_run() called from invalid context (thread main)');
  });

  it('is the same in the next execution', () => {
    const execution = executionOf(() => ({
      actors: {
        *main(cpu) {
          const thread = yield* cpu.kthread_run('worker', (own) => loop(own, false));
          yield* cpu.kthread_stop(thread);
        },
      },
    }));
    expect([execution.run().kind, execution.run().kind, execution.run().kind]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });
});
