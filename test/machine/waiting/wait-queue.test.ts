import { describe, expect, it } from 'vitest';
import type { Cpu, Machine, Path, ThreadHandle, WaitQueue } from '../../../src/machine/index.js';
import { crowd } from '../../support/program.js';
import { after, everySchedule, executionOf, fine, sentenceOf } from '../../support/run.js';

/** A flag, and a queue for those who wait until it is set. */
function flagOf(m: Machine) {
  const flag = m.cell('flag', 0);
  const isSet = function* (cpu: Cpu): Path<boolean> {
    return (yield* cpu.read(flag)) === 1;
  };
  return { flag, wq: m.waitqueue('wq', () => flag.peek() === 1), isSet };
}

describe('wait_event()', () => {
  it('returns once the condition holds, in every schedule, whenever the waker comes', () => {
    const { verdicts, looks, schedules } = everySchedule((m) => {
      const { flag, wq, isSet } = flagOf(m);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_event(wq, isSet);
            yield* cpu.BUG_ON(flag.peek() !== 1, 'it returned too early');
          },
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(wq);
          },
        },
        look: () => wq.peekWaiters(),
      };
    });
    expect({ verdicts, looks, schedules }).toEqual({
      verdicts: [fine],
      looks: [[]],
      schedules: 10,
    });
  });

  it('does not touch the queue where the condition holds from the start', () => {
    const { steps } = everySchedule((m) => {
      const { flag, wq, isSet } = flagOf(m);
      m.settle(flag, 1);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_event(wq, isSet);
          },
        },
      };
    });
    expect(steps).toBe(1);
  });

  it('goes back to sleep where it was woken for nothing', () => {
    const { verdicts } = everySchedule((m) => {
      const { flag, wq, isSet } = flagOf(m);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_event(wq, isSet);
            yield* cpu.BUG_ON(flag.peek() !== 1, 'it returned too early');
          },
          *waker(cpu) {
            yield* cpu.wake_up(wq);
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(wq);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });

  it('is not for atomic context, even if it would not have to sleep', () => {
    expect(
      sentenceOf((m) => {
        const { flag, wq, isSet } = flagOf(m);
        m.settle(flag, 1);
        return {
          actors: {
            *waiter(cpu) {
              yield* cpu.read(flag);
              yield* cpu.preempt_disable();
              yield* cpu.wait_event(wq, isSet);
            },
          },
        };
      }),
    ).toBe('sleeping function wait_event() called from invalid context (thread waiter)');
  });

  it('on one CPU lets the waker have the CPU', () => {
    const { verdicts } = everySchedule(
      (m) => {
        const { flag, wq, isSet } = flagOf(m);
        return {
          actors: {
            *waiter(cpu) {
              yield* cpu.wait_event(wq, isSet);
            },
            *waker(cpu) {
              yield* cpu.preempt_disable();
              yield* cpu.write(flag, 1);
              yield* cpu.wake_up(wq);
              yield* cpu.preempt_enable();
            },
          },
        };
      },
      { cpus: 1 },
    );
    expect(verdicts).toEqual([fine]);
  });

  it('leaves nothing behind for the next execution', () => {
    const execution = executionOf((m) => {
      const { flag, wq, isSet } = flagOf(m);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_event(wq, isSet);
          },
          *other(cpu) {
            yield* cpu.read(flag);
          },
        },
      };
    });
    const [first, second] = [execution.run(), execution.run()];
    expect(first.kind).toBe('deadlock');
    expect(second).toEqual(first);
  });
});

describe('a wake-up', () => {
  const sleepers =
    (exclusive: (i: number) => boolean, waker: (cpu: Cpu, wq: WaitQueue) => Path<unknown>) =>
    (m: Machine) => {
      const wq = m.waitqueue('wq');
      const woken: number[] = [];
      return {
        actors: {
          ...crowd('s', 4, (i) => {
            return function* (cpu) {
              if (exclusive(i)) yield* cpu.prepare_to_wait_exclusive(wq);
              else yield* cpu.prepare_to_wait(wq);
              yield* cpu.schedule();
              woken.push(i);
            };
          }),
          *waker(cpu: Cpu) {
            woken.length = 0;
            yield* waker(cpu, wq);
          },
        },
        look: () => woken,
      };
    };
  const runnable = (
    exclusive: (i: number) => boolean,
    waker: (cpu: Cpu, wq: WaitQueue) => Path<unknown>,
  ): readonly string[] =>
    after(sleepers(exclusive, waker), 's0 s1 s2 s3 waker').runnable.filter((s) => s !== 'waker');

  const wakeOne = function* (cpu: Cpu, wq: WaitQueue): Path {
    yield* cpu.wake_up(wq);
  };

  it('reaches every waiter that is not exclusive', () => {
    expect(runnable(() => false, wakeOne)).toEqual(['s0', 's1', 's2', 's3']);
  });

  it('reaches one exclusive waiter, the one that has waited longest', () => {
    expect(runnable(() => true, wakeOne)).toEqual(['s0']);
  });

  it('reaches all that are not exclusive and one that is, whoever came first', () => {
    expect(runnable((i) => i < 2, wakeOne)).toEqual(['s0', 's2', 's3']);
  });

  it('of n reaches n exclusive waiters, one of all reaches all', () => {
    const two = function* (cpu: Cpu, wq: WaitQueue): Path {
      yield* cpu.wake_up_nr(wq, 2);
    };
    const all = function* (cpu: Cpu, wq: WaitQueue): Path {
      yield* cpu.wake_up_all(wq);
    };
    expect(runnable(() => true, two)).toEqual(['s0', 's1']);
    expect(runnable(() => true, all)).toEqual(['s0', 's1', 's2', 's3']);
  });

  it('does not count an exclusive waiter that is awake already', () => {
    const { runnable: able } = after((m) => {
      const wq = m.waitqueue('wq');
      const sleeper = function* (cpu: Cpu): Path {
        yield* cpu.add_wait_queue_exclusive(wq);
        yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
        yield* cpu.schedule();
        yield* cpu.remove_wait_queue(wq);
      };
      return {
        actors: {
          s0: sleeper,
          s1: sleeper,
          *waker(cpu) {
            yield* cpu.wake_up(wq);
            yield* cpu.wake_up(wq);
          },
        },
      };
    }, 's0 s0 s1 s1 waker waker');
    expect(able).toEqual(['s0', 's1']);
  });

  it('takes effect on a thread that has not come to schedule() yet', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const wq = m.waitqueue('wq');
      const x = m.cell('x', 0);
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.prepare_to_wait(wq);
            yield* cpu.read(x);
            yield* cpu.schedule();
          },
          *waker(cpu) {
            if (yield* cpu.waitqueue_active(wq)) yield* cpu.wake_up(wq);
          },
        },
        look: () => wq.peekWaiters(),
      };
    });
    // Either it was woken, before or in schedule(), and taken off the queue, or the waker saw nobody.
    expect(looks).toEqual([['sleeper'], []]);
    expect(verdicts).toEqual([
      fine,
      'sleeper waits for wq in schedule(), and nobody is left to wake it',
    ]);
  });

  it('of a thread by name makes its schedule() return, whatever it sleeps for', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const { flag, wq } = flagOf(m);
      const target = m.cell<ThreadHandle | null>('target', null);
      let seen = -1;
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.prepare_to_wait(wq);
            yield* cpu.write(target, cpu.self);
            yield* cpu.schedule();
            seen = yield* cpu.read(flag);
            yield* cpu.finish_wait(wq);
          },
          *waker(cpu) {
            const thread = yield* cpu.read(target);
            if (thread !== null) yield* cpu.wake_up_process(thread);
          },
          *setter(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(wq);
          },
        },
        look: () => [seen, ...wq.peekWaiters()],
      };
    });
    // The flag was not set: it was woken for nothing, and a loop would have had to look again.
    expect(looks).toContainEqual([0]);
    expect(verdicts).toContain(fine);
  });

  it('from an interrupt is as good as any other', () => {
    const { verdicts } = everySchedule((m) => {
      const { flag, wq, isSet } = flagOf(m);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_event(wq, isSet);
          },
          irq: {
            cpu: 0,
            interrupt: { kind: 'hardirq', times: 1 },
            *path(cpu) {
              yield* cpu.write(flag, 1);
              yield* cpu.wake_up(wq);
            },
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });
});
