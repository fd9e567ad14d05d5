import { describe, expect, it } from 'vitest';
import type { Cpu, Path, TimerList } from '../../../src/machine/index.js';
import { after, fine, type Setup } from '../../support/run.js';
import { twice } from './twice.js';

/** A timer that writes its letter to a log. */
const logging: Setup = (m) => {
  const log = m.cell('log', '');
  const timer = m.timer('timer', function* (cpu) {
    yield* cpu.write(log, `${yield* cpu.read(log)}t`);
  });
  return {
    actors: {
      *task(cpu) {
        yield* cpu.mod_timer(timer, 5);
        yield* cpu.write(log, `${yield* cpu.read(log)}a`);
      },
    },
    look: () => log.peek(),
  };
};

describe('an armed timer', () => {
  it('runs once, at any moment after it was armed, also when every task has ended', () => {
    const { verdicts, looks } = twice(logging);
    expect(verdicts).toEqual([fine]);
    // On the CPU of the task: it comes before or after the write, or between the task's read and it.
    expect(looks).toEqual(['a', 'at', 'ta']);
  });

  it('is one interrupt, named like the timer in every interleaving, whoever arms it', () => {
    const names = new Set<string>();
    const { verdicts } = twice((m) => {
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.read(m.cell('x', 0));
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
          *b(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
        },
        look: () => {
          for (let t = 2; t < m.threadCount; t++) names.add(m.threadName(t));
        },
      };
    });
    expect([verdicts, [...names]]).toEqual([[fine], ['timer']]);
  });

  it('runs on the CPU where it was armed last, unless it is running', () => {
    const { verdicts, looks } = twice((m) => {
      const where = m.cell('where', '');
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.write(where, `${yield* cpu.read(where)}${String(cpu.id)}`);
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
          *b(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
        },
        look: () => where.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], ['0', '00', '01', '1', '10', '11']]);
  });

  it('does not come into a section with softirqs off, nor into another softirq of its CPU', () => {
    const { verdicts, looks } = twice((m) => {
      const [inside, seen] = [m.cell('inside', 0), m.cell('seen', 0)];
      const look = function* (cpu: Cpu): Path {
        yield* cpu.fetch_add(seen, yield* cpu.fetch_add(inside, 1));
        yield* cpu.fetch_add(inside, -1);
      };
      const [one, other] = [m.timer('one', look), m.timer('other', look)];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mod_timer(one, 1);
            yield* cpu.mod_timer(other, 1);
            yield* cpu.local_bh_disable();
            yield* cpu.write(inside, 1);
            yield* cpu.write(inside, 0);
            yield* cpu.local_bh_enable();
          },
        },
        look: () => seen.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], [0]]);
  });

  it('tells whether it is pending when it is armed again, deleted or looked at', () => {
    const { verdicts, looks } = twice((m) => {
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.read(m.cell('x', 0));
      });
      const answers = m.cell<readonly boolean[]>('answers', []);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.local_bh_disable();
            const all = [yield* cpu.timer_pending(timer), yield* cpu.mod_timer(timer, 1)];
            all.push(yield* cpu.mod_timer(timer, 2), yield* cpu.timer_pending(timer));
            all.push(yield* cpu.timer_delete(timer), yield* cpu.timer_delete(timer));
            yield* cpu.write(answers, all);
            yield* cpu.local_bh_enable();
          },
        },
        look: () => answers.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], [[false, false, true, true, true, false]]]);
  });

  it('may be added once only', () => {
    const { verdicts } = twice((m) => {
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.read(m.cell('x', 0));
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.add_timer(timer, 1);
            yield* cpu.add_timer(timer, 1);
          },
        },
      };
    });
    expect(verdicts).toEqual(['WARNING: add_timer(timer): it is pending (thread a)', fine]);
  });

  it('arms itself a bounded number of times, and not after every task has ended', () => {
    const ticks = (rearms: number | undefined): readonly unknown[] => {
      const { verdicts, looks } = twice((m) => {
        const count = m.cell('count', 0);
        const options = rearms === undefined ? {} : { rearms };
        const timer: TimerList = m.timer(
          'timer',
          function* (cpu) {
            yield* cpu.fetch_add(count, 1);
            yield* cpu.mod_timer(timer, 1);
          },
          options,
        );
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mod_timer(timer, 1);
              yield* cpu.read(count);
            },
          },
          look: () => count.peek(),
        };
      });
      expect(verdicts).toEqual([fine]);
      return looks;
    };
    expect([ticks(undefined), ticks(0)]).toEqual([[1, 2, 3], [1]]);
  });

  it('arms another one that arms it, a bounded number of times', () => {
    const { verdicts, looks } = twice((m) => {
      const count = m.cell('count', 0);
      const ping: TimerList = m.timer('ping', function* (cpu) {
        yield* cpu.fetch_add(count, 1);
        yield* cpu.mod_timer(pong, 1);
      });
      const pong: TimerList = m.timer('pong', function* (cpu) {
        yield* cpu.fetch_add(count, 1);
        yield* cpu.mod_timer(ping, 1);
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mod_timer(ping, 1);
            yield* cpu.read(count);
          },
        },
        look: () => count.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], [1, 2, 3]]);
  });
});

describe('deleting a timer', () => {
  /** The task arms a timer, deletes it, and says that it is gone; the timer must not run then. */
  const deleting =
    (how: 'timer_delete' | 'timer_delete_sync' | 'timer_shutdown_sync'): Setup =>
    (m) => {
      const gone = m.cell('gone', false);
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.BUG_ON(yield* cpu.read(gone), 'it runs');
        yield* cpu.BUG_ON(yield* cpu.read(gone), 'it still runs');
      });
      const placed = function* (cpu: Cpu): Path {
        yield* cpu.mod_timer(timer, 1);
      };
      return {
        actors: {
          *deleter(cpu) {
            const armer = yield* cpu.spawn('armer', placed);
            yield* cpu.join(armer);
            yield* cpu[how](timer);
            yield* cpu.write(gone, true);
          },
        },
      };
    };

  it('does not wait for its function, but with sync', () => {
    expect(twice(deleting('timer_delete')).verdicts).toEqual([
      'BUG: it runs (thread timer)',
      'BUG: it still runs (thread timer)',
      fine,
    ]);
    expect(twice(deleting('timer_delete_sync')).verdicts).toEqual([fine]);
    expect(twice(deleting('timer_shutdown_sync')).verdicts).toEqual([fine]);
  });

  it('waits while the function runs, and is woken at its end', () => {
    const setup: Setup = (m) => {
      const x = m.cell('x', 0);
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.read(x);
        yield* cpu.read(x);
      });
      return {
        actors: {
          *armer(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
          *deleter(cpu) {
            yield* cpu.read(x);
            yield* cpu.timer_delete_sync(timer);
          },
        },
      };
    };
    expect(after(setup, 'armer deleter timer').runnable).toEqual(['timer']);
    expect(after(setup, 'armer deleter timer timer').runnable).toEqual(['timer']);
    expect(after(setup, 'armer deleter timer timer timer').runnable).toEqual(['deleter']);
  });

  it('shuts it down: nobody arms it any more', () => {
    const { verdicts, looks } = twice((m) => {
      const count = m.cell('count', 0);
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.fetch_add(count, 1);
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.timer_shutdown_sync(timer);
            yield* cpu.mod_timer(timer, 1);
          },
        },
        look: () => count.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], [0]]);
  });

  it('by its own function and with sync is a deadlock', () => {
    const { verdicts } = twice((m) => {
      const timer: TimerList = m.timer('timer', function* (cpu) {
        yield* cpu.timer_delete_sync(timer);
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mod_timer(timer, 1);
          },
        },
      };
    });
    expect(verdicts).toEqual(['timer waits for timer in timer_delete_sync(), held by timer']);
  });
});
