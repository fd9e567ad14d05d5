import { describe, expect, it } from 'vitest';
import { Loop, type Machine } from '../../../src/machine/index.js';
import {
  everySchedule,
  executionOf,
  fine,
  goingOn,
  sentenceOf,
  type Setup,
} from '../../support/run.js';

/** Waits until x is 1, by looking again and again. */
const polling: Setup = (m) => {
  const x = m.cell('x', 0);
  return {
    actors: {
      *waiter(cpu) {
        const retry = new Loop('retry');
        for (;;) {
          yield* cpu.loop(retry);
          if ((yield* cpu.read(x)) === 1) break;
          yield* cpu.cpu_relax();
        }
      },
      *setter(cpu) {
        yield* cpu.write(x, 1);
      },
    },
  };
};

describe('a thread that looks again and again', () => {
  it('is a finite wait in every schedule', () => {
    const { verdicts, schedules, steps } = everySchedule(polling);
    expect(verdicts).toEqual([fine]);
    expect(schedules).toBe(2);
    expect(steps).toBe(4);
  });

  it('does not starve the one that it waits for where threads go on as long as they can', () => {
    const execution = executionOf(polling);
    for (let n = 0; n < 2; n++) {
      expect(execution.run().kind).toBe('ok');
      expect([execution.steps, execution.preemptions]).toEqual([4, 0]);
    }
  });

  it('is in a livelock where nobody is left that could change anything', () => {
    const alone: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *waiter(cpu) {
            const retry = new Loop('retry');
            do yield* cpu.loop(retry);
            while ((yield* cpu.read(x)) === 0);
          },
        },
      };
    };
    expect(goingOn(alone)).toEqual({
      kind: 'livelock',
      form: 'livelock',
      thread: 'waiter',
      message:
        'waiter goes round in retry for ever: no other thread is left that could change what it waits for',
    });
    expect(everySchedule(alone)).toMatchObject({ schedules: 1, steps: 1 });
  });

  it('says whom it keeps waiting', () => {
    expect(
      sentenceOf((m) => {
        const [x, lock] = [m.cell('x', 0), m.mutex('cgroup_mutex')];
        return {
          actors: {
            *transfer(cpu) {
              yield* cpu.mutex_lock(lock);
              const retry = new Loop('retry');
              do yield* cpu.loop(retry);
              while ((yield* cpu.read(x)) === 0);
              yield* cpu.mutex_unlock(lock);
            },
            *exit(cpu) {
              yield* cpu.mutex_lock(lock);
              yield* cpu.write(x, 1);
              yield* cpu.mutex_unlock(lock);
            },
          },
        };
      }),
    ).toBe(
      'transfer goes round in retry for ever: nobody can change what it waits for; ' +
        'it holds cgroup_mutex, for which exit waits in mutex_lock()',
    );
  });
});

describe('what a waiting thread is woken by', () => {
  /** Leaves its loop when two reads differ, which takes a change in the middle of a round. */
  const torn: Setup = (m) => {
    const [x, y, seen] = [m.cell('x', 0), m.cell('y', 0), m.cell('seen', false)];
    return {
      actors: {
        *reader(cpu) {
          const retry = new Loop('retry');
          for (;;) {
            yield* cpu.loop(retry);
            if (yield* cpu.read(seen)) return 'told';
            if ((yield* cpu.read(x)) !== (yield* cpu.read(y))) return 'torn';
          }
        },
        *writer(cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.write(x, 0);
          yield* cpu.write(seen, true);
        },
      },
    };
  };

  it('is a state that others have made and unmade in the middle of its round', () => {
    let machine: Machine | undefined;
    const { looks, verdicts } = everySchedule((m) => {
      machine = m;
      return { ...torn(m), look: () => machine?.thread(0).result };
    });
    expect(verdicts).toEqual([fine]);
    expect(looks).toEqual(['told', 'torn']);
  });

  it('is an interrupt of its own CPU, too', () => {
    const { verdicts } = everySchedule((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *waiter(cpu) {
            const retry = new Loop('retry');
            do yield* cpu.loop(retry);
            while ((yield* cpu.read(x)) === 0);
          },
          handler: {
            cpu: 0,
            interrupt: { kind: 'hardirq', times: 1 },
            *path(cpu) {
              yield* cpu.write(x, 1);
            },
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });
});

describe('spinning on the own CPU', () => {
  const spinsOn = (isOff: boolean): Setup => {
    return (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          waiter: {
            cpu: 0,
            *path(cpu) {
              if (isOff) yield* cpu.preempt_disable();
              const retry = new Loop('retry');
              do yield* cpu.loop(retry);
              while ((yield* cpu.read(x)) === 0);
              if (isOff) yield* cpu.preempt_enable();
            },
          },
          setter: {
            cpu: 0,
            *path(cpu) {
              yield* cpu.write(x, 1);
            },
          },
        },
      };
    };
  };

  it('is a soft lockup with preemption off, and none with preemption on', () => {
    expect(everySchedule(spinsOn(false)).verdicts).toEqual([fine]);
    expect(everySchedule(spinsOn(true)).verdicts).toEqual([
      fine,
      'soft lockup: waiter spins in retry for ever: nobody can change what it waits for; ' +
        'it spins on CPU0, and keeps setter from going on, whose CPU it does not give up',
    ]);
  });
});

describe('cond_resched() and yield()', () => {
  it.each(['cond_resched', 'yield'] as const)('%s() is no step, and may not be atomic', (name) => {
    const resched = (isAtomic: boolean): Setup => {
      return (m) => {
        const [x, lock] = [m.cell('x', 0), m.spinlock('lock')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
              if (isAtomic) yield* cpu.spin_lock(lock);
              yield* cpu[name]();
              yield* cpu.write(x, 2);
            },
          },
        };
      };
    };
    const fineOne = executionOf(resched(false));
    expect([fineOne.run().kind, fineOne.steps]).toEqual(['ok', 2]);
    expect(sentenceOf(resched(true))).toBe(
      `sleeping function ${name}() called from invalid context (thread a)`,
    );
  });
});
