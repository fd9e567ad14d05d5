import { describe, expect, it } from 'vitest';
import type { Cpu, Machine, Path, ThreadHandle } from '../../../src/machine/index.js';
import { StepTracer } from '../../support/step-tracer.js';
import { everySchedule, executionOf, fine, goingOn } from '../../support/run.js';

const early = (name = 'sleeper', queue = 'wq'): string =>
  `${name} sleeps on ${queue} although what it sleeps until is true: ` +
  `the last wake_up(), by waker, came before it went to sleep`;

/** A sleeper that looks before it queues, and a waker; the queue knows what it is about unless `mute`. */
const lookThenQueue =
  (mute = false) =>
  (m: Machine) => {
    const flag = m.cell('flag', 0);
    const wq = mute ? m.waitqueue('wq') : m.waitqueue('wq', () => flag.peek() === 1);
    return {
      actors: {
        *sleeper(cpu: Cpu) {
          if ((yield* cpu.read(flag)) === 1) return;
          yield* cpu.prepare_to_wait(wq);
          yield* cpu.schedule();
          yield* cpu.finish_wait(wq);
        },
        *waker(cpu: Cpu) {
          yield* cpu.write(flag, 1);
          yield* cpu.wake_up(wq);
        },
      },
    };
  };

describe('a lost wake-up', () => {
  it('is found where a thread looks before it queues', () => {
    expect(everySchedule(lookThenQueue()).verdicts).toEqual([fine, early()]);
  });

  it('is no deadlock: the kind, the thread and who came too early are in the verdict', () => {
    const verdict = goingOn((m) => {
      const flag = m.cell('flag', 0);
      const wq = m.waitqueue('wq', () => flag.peek() === 1);
      return {
        actors: {
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(wq);
          },
          *sleeper(cpu) {
            yield* cpu.prepare_to_wait(wq);
            yield* cpu.schedule();
          },
        },
      };
    });
    expect(verdict).toEqual({ kind: 'lost wakeup', thread: 'sleeper', message: early() });
  });

  it('is not known as one where nobody said what the thread sleeps until', () => {
    expect(everySchedule(lookThenQueue(true)).verdicts).toEqual([
      fine,
      'sleeper waits for wq in schedule(), and nobody is left to wake it',
    ]);
  });

  it('is a deadlock where the condition is not true', () => {
    const verdict = goingOn((m) => {
      const flag = m.cell('flag', 0);
      const wq = m.waitqueue('wq');
      return {
        actors: {
          *waker(cpu) {
            yield* cpu.wake_up(wq);
          },
          *sleeper(cpu) {
            yield* cpu.wait_event(wq, function* () {
              return (yield* cpu.read(flag)) === 1;
            });
          },
        },
      };
    });
    expect(verdict).toEqual({
      kind: 'deadlock',
      cycle: [
        {
          thread: 'sleeper',
          operation: 'schedule',
          waitsFor: 'wq',
          heldBy: undefined,
          asleep: true,
        },
      ],
      message: 'sleeper waits for wq in schedule(), and nobody is left to wake it',
    });
  });

  it('in wait_event() is found by asking its condition, which may take locks', () => {
    const { verdicts } = everySchedule((m) => {
      const flag = m.cell('flag', 0);
      const [wq, other, lock] = [m.waitqueue('wq'), m.waitqueue('other'), m.spinlock('lock')];
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.wait_event(wq, function* () {
              yield* cpu.spin_lock(lock);
              const set = (yield* cpu.read(flag)) === 1;
              yield* cpu.spin_unlock(lock);
              return set;
            });
          },
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(other);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'sleeper sleeps on wq although what it sleeps until is true: nobody has woken anybody on wq',
    ]);
  });

  it('is none where the condition would have to wait for a lock', () => {
    // With PREEMPT_RT, so that the holder of a spinlock can sleep.
    const { verdicts } = everySchedule(
      (m) => {
        const flag = m.cell('flag', 0);
        const [wq, lock, sem] = [m.waitqueue('wq'), m.spinlock('lock'), m.rwsem('sem')];
        return {
          actors: {
            *sleeper(cpu) {
              yield* cpu.wait_event(wq, function* () {
                yield* cpu.spin_lock(lock);
                const set = (yield* cpu.read(flag)) === 1;
                yield* cpu.spin_unlock(lock);
                return set;
              });
            },
            *leaver(cpu) {
              yield* cpu.write(flag, 1);
              yield* cpu.spin_lock(lock);
              yield* cpu.down_read_non_owner(sem);
              yield* cpu.down_write(sem);
            },
          },
        };
      },
      { rt: true },
    );
    const forGood = 'leaver waits for sem in down_write(), that nobody will give up';
    expect(verdicts).toEqual([
      forGood,
      `sleeper waits for lock in spin_lock(), held by leaver; ${forGood}`,
      `sleeper waits for wq in schedule(), and nobody is left to wake it; ${forGood}`,
    ]);
  });

  it('among exclusive waiters names the one that was woken instead and woke nobody', () => {
    const { verdicts } = everySchedule((m) => {
      const free = m.cell('free', 0);
      const wq = m.waitqueue('wq');
      function* taker(cpu: Cpu): Path {
        yield* cpu.wait_event_exclusive(wq, function* () {
          return (yield* cpu.read(free)) > 0;
        });
      }
      return {
        actors: {
          a: taker,
          b: taker,
          *waker(cpu) {
            yield* cpu.write(free, 2);
            yield* cpu.wake_up(wq);
          },
        },
      };
    });
    const passed = (name: string, woken: string): string =>
      `${name} sleeps on wq although what it sleeps until is true: ` +
      `the last wake_up(), by waker, woke only ${woken}`;
    expect(verdicts).toEqual([passed('a', 'b'), passed('b', 'a'), fine]);
  });

  it('of a thread without a queue is found by what schedule() was told', () => {
    const { verdicts } = everySchedule((m) => {
      const flag = m.cell('flag', 0);
      const target = m.cell<ThreadHandle | null>('target', null);
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.write(target, cpu.self);
            if ((yield* cpu.read(flag)) === 1) return;
            yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
            yield* cpu.schedule(() => flag.peek() === 1);
          },
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            const thread = yield* cpu.read(target);
            if (thread !== null) yield* cpu.wake_up_process(thread);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'sleeper sleeps although what it sleeps until is true: nobody woke it after it went to sleep',
    ]);
  });
});

describe('a deadlock', () => {
  it('is one although the condition is true, where the waker waits for the sleeper first', () => {
    const { verdicts } = everySchedule((m) => {
      const flag = m.cell('flag', 0);
      const [wq, lock] = [m.waitqueue('wq'), m.mutex('lock')];
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.wait_event(wq, function* () {
              return (yield* cpu.read(flag)) === 1;
            });
            yield* cpu.mutex_unlock(lock);
          },
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.mutex_lock(lock);
            yield* cpu.wake_up(wq);
            yield* cpu.mutex_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'sleeper waits for wq in schedule(), and nobody is left to wake it; ' +
        'waker waits for lock in mutex_lock(), held by sleeper',
    ]);
  });

  it('is none where somebody else merely waits for a lock of a sleeper that was woken too early', () => {
    const { verdicts } = everySchedule((m) => {
      const flag = m.cell('flag', 0);
      const [wq, lock] = [m.waitqueue('wq', () => flag.peek() === 1), m.mutex('lock')];
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.mutex_lock(lock);
            if ((yield* cpu.read(flag)) === 0) {
              yield* cpu.prepare_to_wait(wq);
              yield* cpu.schedule();
            }
            yield* cpu.mutex_unlock(lock);
          },
          *waker(cpu) {
            yield* cpu.write(flag, 1);
            yield* cpu.wake_up(wq);
          },
          *bystander(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine, early()]);
  });
});

describe('asking the condition', () => {
  /** Counts what it hears. */
  class Listener extends StepTracer {
    steps = 0;
    calls = 0;
    notes = 0;
    override step(): void {
      this.steps++;
    }
    override enter(): void {
      this.calls++;
    }
    override note(): void {
      this.notes++;
    }
  }

  it('shows in nothing: neither in the state, nor in the trace, nor in the verdict', () => {
    let looks = 0;
    const execution = executionOf((m) => {
      const [flag, looked] = [m.cell('flag', 1), m.cell('looked', 0)];
      const [wq, lock] = [m.waitqueue('wq'), m.spinlock('lock')];
      return {
        actors: {
          *sleeper(cpu) {
            yield* cpu.wait_event(wq, function* () {
              looks++;
              yield* cpu.spin_lock(lock);
              yield* cpu.init(looked, looks);
              yield* cpu.WARN_ON(looks > 2, 'it was asked a third time');
              const set = (yield* cpu.read(flag)) === 1;
              yield* cpu.spin_unlock(lock);
              return set && looks > 2;
            });
          },
        },
        look: () => looked.peek(),
      };
    });
    const { machine } = execution;
    const listener = new Listener();
    machine.trace(listener);
    for (let run = 0; run < 2; run++) {
      looks = 0;
      listener.steps = listener.calls = listener.notes = 0;
      const verdict = execution.run();
      expect(verdict.kind).toBe('lost wakeup');
      expect(looks).toBe(3);
      expect([listener.steps, listener.calls, listener.notes]).toEqual([7, 1, 2]);
      expect(machine.stateLines()).toContain('looked=2');
      expect(machine.stateLines()).toContain('sleeper: schedule wq');
      expect(machine.peekLeftovers()).toEqual([]);
      expect(machine.runnable.count).toBe(0);
    }
  });
});
