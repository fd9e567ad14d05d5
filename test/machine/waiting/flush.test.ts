import { describe, expect, it } from 'vitest';
import type { Cpu, Machine, Mutex, Path, Work, Workqueue } from '../../../src/machine/index.js';
import { everySchedule, fine, sentenceOf } from '../../support/run.js';

describe('flush_work()', () => {
  it('waits for the item as it was queued last, and for nothing where it is done', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const wq = m.workqueue('wq');
      const work = m.work('work', function* (cpu) {
        yield* cpu.fetch_add(x, 1);
      });
      let seen: unknown[] = [];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            const waited = yield* cpu.flush_work(work);
            seen = [waited, x.peek(), yield* cpu.flush_work(work)];
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [false, 1, false],
        [true, 1, false],
      ],
    });
  });

  it('does not wait for what is queued after it has begun', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const wq = m.workqueue('wq');
      const work = m.work('work', function* (cpu, self) {
        if ((yield* cpu.fetch_add(x, 1)) === 0) yield* cpu.queue_work(wq, self);
      });
      let seen = -1;
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, work);
            yield* cpu.flush_work(work);
            seen = yield* cpu.read(x);
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [1, 2] });
  });

  it('in the function of the item itself is a deadlock', () => {
    expect(
      sentenceOf((m) => {
        const wq = m.workqueue('wq');
        const work = m.work('work', function* (cpu, self) {
          yield* cpu.flush_work(self);
        });
        return {
          actors: {
            *main(cpu) {
              yield* cpu.queue_work(wq, work);
            },
          },
        };
      }),
    ).toBe(
      'main/kworker/work waits for the end of main/kworker/work in flush_work(), ' +
        'held by main/kworker/work',
    );
  });

  it('is not for atomic context', () => {
    const { verdicts } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const work = m.work('work');
      return {
        actors: {
          *main(cpu) {
            yield* cpu.read(x);
            yield* cpu.preempt_disable();
            yield* cpu.flush_work(work);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'sleeping function flush_work() called from invalid context (thread main)',
    ]);
  });
});

describe('whoever flushes with a lock that the item takes', () => {
  type Flush = (cpu: Cpu, wq: Workqueue, work: Work) => Path<unknown>;
  const underLock = (flush: Flush) => (m: Machine) => {
    const lock: Mutex = m.mutex('lock');
    const x = m.cell('x', 0);
    const wq = m.workqueue('wq');
    const work = m.work('work', function* (cpu) {
      yield* cpu.mutex_lock(lock);
      yield* cpu.mutex_unlock(lock);
    });
    return {
      actors: {
        *main(cpu: Cpu) {
          yield* cpu.queue_work(wq, work);
          yield* cpu.mutex_lock(lock);
          yield* flush(cpu, wq, work);
          yield* cpu.mutex_unlock(lock);
        },
        *bystander(cpu: Cpu) {
          for (let n = 0; n < 3; n++) yield* cpu.read(x);
        },
      },
    };
  };
  const flushes: readonly (readonly [string, Flush])[] = [
    ['flush_work', (cpu, _, work) => steps(cpu.flush_work(work))],
    ['cancel_work_sync', (cpu, _, work) => steps(cpu.cancel_work_sync(work))],
    ['flush_workqueue', (cpu, wq) => steps(cpu.flush_workqueue(wq))],
    ['drain_workqueue', (cpu, wq) => steps(cpu.drain_workqueue(wq))],
    ['destroy_workqueue', (cpu, wq) => steps(cpu.destroy_workqueue(wq))],
  ];
  function* steps(step: ReturnType<Cpu['flush_work']> | ReturnType<Cpu['drain_workqueue']>): Path {
    yield* step;
  }

  it.each(flushes)('by %s() deadlocks in some schedules', (name, flush) => {
    const { verdicts } = everySchedule(underLock(flush));
    const worker = 'main/kworker/work waits for lock in mutex_lock(), held by main';
    const main = `main waits for the end of main/kworker/work in ${name}(), held by main/kworker/work`;
    // Whoever comes to a stop last closes the cycle; an item that runs has been stopped by the lock before.
    const cycles = [`${worker}; ${main}`, `${main}; ${worker}`];
    expect(verdicts).toContain(fine);
    expect(verdicts.filter((sentence) => sentence !== fine)).toEqual(
      (name === 'cancel_work_sync' ? cycles.slice(1) : cycles).sort(),
    );
  });
});

describe('a pool that is full', () => {
  /** The item waits for another one of the same workqueue. */
  const chained = (maxActive: number) =>
    everySchedule((m) => {
      const wq = m.workqueue('wq', { maxActive });
      const inner = m.work('inner', function* () {
        // It does nothing.
      });
      const outer = m.work('outer', function* (cpu) {
        yield* cpu.queue_work(wq, inner);
        yield* cpu.flush_work(inner);
      });
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, outer);
          },
        },
      };
    }).verdicts;

  it('deadlocks with an item that waits for one behind it, when that forms', () => {
    const [outer, inner] = ['main/kworker/outer', 'main/kworker/outer/kworker/inner'];
    expect(chained(1)).toEqual([
      `${outer} waits for the end of ${inner} in flush_work(), held by ${inner}; ` +
        `${inner} waits for wq in process_one_work(), held by ${outer}`,
    ]);
    expect(chained(2)).toEqual([fine]);
  });

  it('of several items that all wait for one behind them is found when nothing can go on', () => {
    const { verdicts } = everySchedule((m) => {
      const wq = m.workqueue('wq', { maxActive: 2, unbound: true });
      const lock = m.mutex('lock');
      const inner = m.work('inner', function* () {
        // It does nothing.
      });
      const item = (name: string): Work =>
        m.work(name, function* (cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.queue_work(wq, inner);
          yield* cpu.flush_work(inner);
          yield* cpu.mutex_unlock(lock);
        });
      const [first, second] = [item('first'), item('second')];
      return {
        actors: {
          *main(cpu) {
            yield* cpu.queue_work(wq, first);
            yield* cpu.queue_work(wq, second);
          },
        },
      };
    });
    expect(verdicts.filter((sentence) => sentence === fine)).toEqual([fine]);
    expect(verdicts.some((sentence) => sentence.includes('in process_one_work()'))).toBe(true);
  });
});
