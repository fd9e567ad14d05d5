import { describe, expect, it } from 'vitest';
import type {
  Cell,
  Cpu,
  Memory,
  Path,
  Work,
  WorkqueueOptions,
} from '../../../src/machine/index.js';
import { after, everySchedule, executionOf, fine } from '../../support/run.js';

/** A function that adds 1 to a cell by a read and a write. */
const adding = (x: Cell<number>) =>
  function* (cpu: Cpu): Path {
    yield* cpu.write(x, (yield* cpu.read(x)) + 1);
  };

describe('a work item', () => {
  it('runs before the execution is over, though nobody waits for it', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
          },
        },
        look: () => [x.peek(), work.peekPending()],
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[1, false]] });
  });

  it('is queued once while it is pending, and again once it has begun', () => {
    const { looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      let seen: boolean[] = [];
      return {
        actors: {
          *main(cpu) {
            seen = [yield* cpu.queue_work(wq, work), yield* cpu.queue_work(wq, work)];
          },
        },
        look: () => [...seen, x.peek()],
      };
    });
    expect(looks).toEqual([
      [true, false, 1],
      [true, true, 2],
    ]);
  });

  it('does not run twice at once when it is queued again while it runs, by anybody', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      let again = [false, false];
      return {
        actors: {
          *a(cpu) {
            again = [false, false];
            again[0] = yield* cpu.queue_work(wq, work);
          },
          *b(cpu) {
            again[1] = yield* cpu.queue_work(wq, work);
          },
        },
        look: () => [x.peek(), again.filter((queued) => queued).length],
      };
    });
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [1, 1],
        [2, 2],
      ],
    });
  });

  it('is run by a thread that is named after who queued it, and as which', () => {
    const names: string[] = [];
    executionOf((m) => {
      const wq = m.workqueue('wq');
      const work = m.work('work', function* (cpu) {
        names.push(cpu.thread);
        if (names.length === 2) yield* cpu.queue_work(wq, inner);
      });
      const inner = m.work('inner', function* (cpu) {
        names.push(cpu.thread);
      });
      return {
        actors: {
          *main(cpu) {
            names.length = 0;
            yield* cpu.queue_work(wq, work);
            yield* cpu.flush_work(work);
            yield* cpu.queue_work(wq, work);
          },
        },
      };
    }).run();
    expect(names).toEqual([
      'main/kworker/work',
      'main/kworker/work#2',
      'main/kworker/work#2/kworker/inner',
    ]);
  });

  it('that is taken back never runs; one that runs is waited for', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      let seen: unknown[] = [];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            const cancelled = yield* cpu.cancel_work_sync(work);
            seen = [cancelled, yield* cpu.read(x)];
          },
        },
        look: () => [...seen, x.peek()],
      };
    });
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [false, 1, 1],
        [true, 0, 0],
      ],
    });
  });

  it('is not queued while somebody cancels it', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const wq = m.workqueue('wq');
      const work = m.work('work', function* (cpu, self) {
        yield* cpu.fetch_add(x, 1);
        if ((yield* cpu.read(x)) < 3) yield* cpu.queue_work(wq, self);
      });
      let seen = -1;
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            yield* cpu.cancel_work_sync(work);
            seen = yield* cpu.read(x);
          },
        },
        look: () => [seen === x.peek(), work.peekPending()],
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[true, false]] });
  });
});

describe('a workqueue', () => {
  /** In which orders two items run that one thread queues, each of two steps. */
  const orders = (options: WorkqueueOptions): readonly unknown[] =>
    everySchedule((m) => {
      const x = m.cell('x', 0);
      const wq = m.workqueue('wq', options);
      let order = '';
      const item = (letter: string): Work =>
        m.work(letter, function* (cpu) {
          for (let n = 0; n < 2; n++) {
            yield* cpu.read(x);
            order += letter;
          }
        });
      const items = [item('a'), item('b')];
      return {
        actors: {
          *main(cpu) {
            order = '';
            for (const work of items) yield* cpu.queue_work(wq, work);
          },
        },
        look: () => order,
      };
    }).looks;

  it('runs one item at a time where max_active is 1, in the order of queueing', () => {
    expect(orders({ maxActive: 1 })).toEqual(['aabb']);
    expect(orders({ maxActive: 1, unbound: true })).toEqual(['aabb']);
  });

  it('runs as many items at a time as max_active says', () => {
    const all = ['aabb', 'abab', 'abba', 'baab', 'baba', 'bbaa'];
    expect(orders({ maxActive: 2 })).toEqual(all);
    expect(orders({})).toEqual(all);
  });

  it('begins its items in the order of queueing', () => {
    const states = (order: string): readonly string[] =>
      after((m) => {
        const x = m.cell('x', 0);
        const wq = m.workqueue('wq', { maxActive: 2, unbound: true });
        const items = ['a', 'b', 'c'].map((name) => m.work(name, adding(x)));
        return {
          actors: {
            *main(cpu) {
              for (const work of items) yield* cpu.queue_work(wq, work);
            },
          },
        };
      }, order).runnable.map((name) => name.replace('main/kworker/', ''));
    expect(states('main main main')).toEqual(['a']);
    expect(states('main main main main/kworker/a')).toEqual(['a', 'b']);
    expect(states('main main main main/kworker/a main/kworker/b')).toEqual(['a', 'b']);
    const b = 'main/kworker/b';
    expect(states(`main main main main/kworker/a ${b} ${b} ${b}`)).toEqual(['a', 'c']);
  });

  it('of each CPU counts for itself, unless it is unbound', () => {
    const overlap = (unbound: boolean): boolean => {
      const { looks } = everySchedule((m) => {
        const [inside, most] = [m.cell('inside', 0), m.cell('most', 0)];
        const wq = m.workqueue('wq', { maxActive: 1, unbound });
        const item = (name: string): Work =>
          m.work(name, function* (cpu) {
            const now = (yield* cpu.fetch_add(inside, 1)) + 1;
            if (now > most.peek()) yield* cpu.write(most, now);
            yield* cpu.fetch_add(inside, -1);
          });
        const [first, second] = [item('first'), item('second')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.queue_work(wq, first);
            },
            *b(cpu) {
              yield* cpu.queue_work(wq, second);
            },
          },
          look: () => most.peek(),
        };
      });
      return looks.includes(2);
    };
    expect([overlap(false), overlap(true)]).toEqual([true, false]);
  });

  it('runs its items on the CPU where they were queued: not while preemption is off there', () => {
    const { looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      let seen = -1;
      return {
        actors: {
          *main(cpu) {
            yield* cpu.preempt_disable();
            yield* cpu.queue_work(wq, work);
            seen = yield* cpu.read(x);
            yield* cpu.preempt_enable();
          },
        },
        look: () => seen,
      };
    });
    expect(looks).toEqual([0]);
  });

  it('that is drained takes items of its own items only, and none once it is destroyed', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const wq = m.workqueue('wq');
      const second = m.work('second', adding(x));
      const first = m.work('first', function* (cpu) {
        yield* cpu.queue_work(wq, second);
      });
      let seen = -1;
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, first);
            yield* cpu.destroy_workqueue(wq);
            seen = yield* cpu.read(x);
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [1] });
    const late = everySchedule((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq'), m.work('work', adding(x))];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            yield* cpu.destroy_workqueue(wq);
          },
          *other(cpu) {
            yield* cpu.queue_work(wq, work);
          },
        },
      };
    });
    expect(late.verdicts).toEqual([
      fine,
      'queue_work() on wq: it is being drained (thread other)',
      'queue_work() on wq: it was destroyed (thread other)',
    ]);
  });

  it('is as at the start in the next execution', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      const [wq, work] = [m.workqueue('wq', { maxActive: 1 }), m.work('work', adding(x))];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            yield* cpu.cancel_work(work);
            yield* cpu.queue_work(wq, work);
            yield* cpu.BUG_ON(x.peek() !== 0, 'it was not undone');
            yield* cpu.flush_workqueue(wq);
          },
        },
      };
    });
    expect([execution.run().kind, execution.run().kind, execution.run().kind]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(execution.threadCount).toBe(3);
  });
});

describe('a work item of an object', () => {
  class Group {
    readonly memory: Memory;
    readonly destroy_work: Work;
    constructor(memory: Memory) {
      this.memory = memory;
      this.destroy_work = memory.work('destroy_work');
    }
  }

  it('may free the object in its function', () => {
    const { verdicts } = everySchedule((m) => {
      const [wq, group] = [m.workqueue('wq'), m.object(Group, 'group')];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.INIT_WORK(group.destroy_work, function* (own) {
              yield* own.kfree(group);
            });
            yield* cpu.queue_work(wq, group.destroy_work);
            yield* cpu.flush_workqueue(wq);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });

  it('is used after free where the object is freed while it is pending', () => {
    const { verdicts } = everySchedule((m) => {
      const [wq, group] = [m.workqueue('wq'), m.object(Group, 'group')];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.INIT_WORK(group.destroy_work, function* () {
              // It does nothing.
            });
            yield* cpu.queue_work(wq, group.destroy_work);
            yield* cpu.kfree(group);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'use after free: process_one_work() on group.destroy_work.pending ' +
        '(thread main/kworker/group.destroy_work)',
    ]);
  });

  it('has no function before INIT_WORK(), and none is given to it while it is pending', () => {
    const sentence = (init: boolean): readonly string[] =>
      everySchedule((m) => {
        const [wq, group] = [m.workqueue('wq'), m.object(Group, 'group')];
        function* nothing(): Path {
          // It does nothing.
        }
        return {
          actors: {
            *main(cpu) {
              if (init) yield* cpu.INIT_WORK(group.destroy_work, nothing);
              yield* cpu.queue_work(wq, group.destroy_work);
              yield* cpu.INIT_WORK(group.destroy_work, nothing);
            },
          },
        };
      }).verdicts;
    expect(sentence(false)).toEqual([
      'queue_work(group.destroy_work): it has no function, INIT_WORK() is missing (thread main)',
    ]);
    expect(sentence(true)).toEqual([
      'INIT_WORK(group.destroy_work): it is pending (thread main)',
      fine,
    ]);
  });
});
