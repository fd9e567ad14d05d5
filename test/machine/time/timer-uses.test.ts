import { describe, expect, it } from 'vitest';
import { Execution, Timed } from '../../../scheduler/index.js';
import type { Allocated, Cpu, Memory, Path, TimerList } from '../../../src/machine/index.js';
import { armed } from '../../support/program.js';
import { fine, type Setup } from '../../support/run.js';
import { twice } from './twice.js';

class Device implements Allocated {
  readonly memory: Memory;
  readonly timer: TimerList;
  constructor(memory: Memory) {
    this.memory = memory;
    const ticks = memory.cell('ticks', 0);
    this.timer = memory.timer('timer', function* (cpu) {
      yield* cpu.fetch_add(ticks, 1);
    });
  }
}

describe('for the race detector', () => {
  /** What the task writes before it arms the timer, and after it has deleted it, the timer writes as well. */
  const racing =
    (how: 'timer_delete' | 'timer_delete_sync'): Setup =>
    (m) => {
      const x = m.cell('x', 0);
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.write(x, 2);
      });
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.mod_timer(timer, 1);
            yield* cpu.set_cpu(1);
            yield* cpu[how](timer);
            yield* cpu.write(x, 3);
          },
        },
      };
    };

  it('a timer comes after its arming, and its end before the end of timer_delete_sync()', () => {
    const races = (how: Parameters<typeof racing>[0]): readonly string[] =>
      twice(racing(how), { dataRaces: true }).verdicts.filter((sentence) => sentence !== fine);
    expect(races('timer_delete_sync')).toEqual([]);
    expect(races('timer_delete')).toHaveLength(2);
  });
});

describe('a timer in an object', () => {
  const freeing =
    (how: 'nothing' | 'timer_delete_sync'): Setup =>
    () => ({
      actors: {
        *a(cpu) {
          const device = yield* cpu.kmalloc(Device);
          if (device === null) return;
          yield* cpu.mod_timer(device.timer, 10);
          if (how !== 'nothing') yield* cpu[how](device.timer);
          yield* cpu.kfree(device);
        },
      },
    });

  it('still runs after the object was freed, which is a use after free', () => {
    expect(twice(freeing('nothing')).verdicts).toEqual([
      fine,
      'use after free: interrupt() on Device:a/1.timer.function (thread Device:a/1.timer)',
    ]);
    expect(twice(freeing('timer_delete_sync')).verdicts).toEqual([fine]);
  });

  it('can be neither armed nor deleted after that', () => {
    for (const use of ['timer_delete', 'timer_delete_sync', 'timer_pending'] as const) {
      const { verdicts } = twice(() => ({
        actors: {
          *a(cpu) {
            const device = yield* cpu.kmalloc(Device);
            if (device === null) return;
            yield* cpu.kfree(device);
            yield* cpu[use](device.timer);
          },
        },
      }));
      expect(verdicts).toEqual([
        `use after free: ${use}() on Device:a/1.timer.function (thread a)`,
      ]);
    }
  });
});

describe('an hrtimer', () => {
  it('comes where softirqs are off, but not where interrupts are', () => {
    const inSection = (section: 'bh' | 'irq'): readonly unknown[] =>
      twice((m) => {
        const [inside, seen] = [m.cell('inside', false), m.cell('seen', false)];
        const timer = m.hrtimer('timer', function* (cpu) {
          yield* cpu.write(seen, yield* cpu.read(inside));
        });
        return {
          actors: {
            *a(cpu) {
              yield* cpu.hrtimer_start(timer, 100);
              if (section === 'bh') yield* cpu.local_bh_disable();
              else yield* cpu.local_irq_disable();
              yield* cpu.write(inside, true);
              yield* cpu.write(inside, false);
              if (section === 'bh') yield* cpu.local_bh_enable();
              else yield* cpu.local_irq_enable();
            },
          },
          look: () => seen.peek(),
        };
      }).looks;
    expect([inSection('bh'), inSection('irq')]).toEqual([[false, true], [false]]);
  });

  it('runs again where its function says so, and can be cancelled without waiting', () => {
    const { verdicts, looks } = twice((m) => {
      const [count, answer] = [m.cell('count', 0), m.cell('answer', 9)];
      const timer = m.hrtimer('timer', function* (cpu) {
        yield* cpu.fetch_add(count, 1);
        return 'HRTIMER_RESTART';
      });
      return {
        actors: {
          *armer(cpu) {
            yield* cpu.hrtimer_start(timer, 100);
          },
          *other(cpu) {
            yield* cpu.write(answer, yield* cpu.hrtimer_try_to_cancel(timer));
          },
        },
        look: () => answer.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], [-1, 0, 1]]);
  });
});

describe('timed', () => {
  it('lets timers run when they are due: as long after they were armed as was said', () => {
    const order = (later: number): unknown => {
      const strategy = new Timed('seed', 0);
      let look: (() => unknown) | undefined;
      const machine = armed((m) => {
        const log = m.cell('log', '');
        const note = (name: string) =>
          function* (cpu: Cpu): Path {
            yield* cpu.write(log, `${yield* cpu.read(log)}${name}${String(strategy.now / 1e6)} `);
          };
        const [a, b] = [m.timer('a', note('a')), m.timer('b', note('b'))];
        const again: TimerList = m.timer('again', function* (cpu) {
          yield* note('p')(cpu);
          yield* cpu.mod_timer(again, 4);
        });
        look = () => log.peek();
        return {
          actors: {
            *task(cpu) {
              yield* cpu.mod_timer(a, 10);
              yield* cpu.mod_timer(b, 20);
              yield* cpu.mod_timer(again, 3);
              yield* cpu.msleep(5);
              yield* cpu.mod_timer(a, later);
              yield* cpu.msleep(30);
            },
          },
        };
      });
      const execution = new Execution(machine, strategy);
      execution.run();
      return [execution.run().kind, look?.()];
    };
    expect(order(1)).toEqual(['ok', 'p3 a6 p7 p11 b20 ']);
    expect(order(19)).toEqual(['ok', 'p3 p7 p11 b20 a24 ']);
  });
});
