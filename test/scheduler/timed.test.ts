import { describe, expect, it } from 'vitest';
import { Execution, findingOf, type Program, replay, Timed } from '../../scheduler/index.js';
import { type Cpu, describe as sentence, ModelError, type Path } from '../../src/machine/index.js';
import { executionOf, everySchedule, fine } from '../support/run.js';
import { at, crowd, list, program } from '../support/program.js';
import { StepLog } from '../support/step-tracer.js';

/** Who takes each step of one execution, and what the strategy's clocks say at its end. */
function timed(of: Program, latencyMax: number, seed = 'seed'): { order: string; timed: Timed } {
  const strategy = new Timed(seed, latencyMax);
  const machine = of.build('search');
  const log = new StepLog();
  machine.trace(log);
  const execution = new Execution(machine, strategy);
  expect(sentence(execution.run())).toBe(fine);
  return { order: log.names.join(' '), timed: strategy };
}

/** Threads that sleep so long, one after the other. */
const sleepers = (times: Readonly<Record<string, readonly number[]>>): Program =>
  program('sleepers', () => ({
    actors: Object.fromEntries(
      Object.entries(times).map(([name, all]) => [
        name,
        function* (cpu) {
          for (const time of all) yield* cpu.timeout(time);
        },
      ]),
    ),
  }));

describe('timed', () => {
  it('drains a store buffer that holds several stores, though nobody else can go on', () => {
    const of = program(
      'stores',
      (m) => {
        const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
        return {
          actors: {
            *a(cpu) {
              for (let n = 0; n < 3; n++) yield* cpu.write(x, n);
            },
            *b(cpu) {
              yield* cpu.read(y);
            },
          },
        };
      },
      { memory: 'tso' },
    );
    for (let n = 0; n < 50; n++) {
      const execution = new Execution(of.build('search'), new Timed(String(n), 100));
      expect(sentence(execution.run())).toBe(fine);
    }
  });

  it('lets whoever is due earliest go next', () => {
    const of = sleepers({ a: [30, 30], b: [20, 20, 21], c: [50, 100] });
    const { order, timed: strategy } = timed(of, 0);
    expect(order).toBe('b a b c a b c');
    expect(strategy.now).toBe(150);
  });

  it('takes the order of events at one time from the seed', () => {
    const of = sleepers({ a: [5], b: [5], c: [5] });
    const orders = new Set(list(60, (n) => timed(of, 0, String(n)).order));
    expect(orders.size).toBe(6);
  });

  it('knows the units of msleep and udelay', () => {
    const of = program('units', () => ({
      actors: {
        *ms(cpu) {
          yield* cpu.msleep(2);
        },
        *us(cpu) {
          yield* cpu.udelay(1999);
        },
        *ns(cpu) {
          yield* cpu.timeout(2_000_001);
        },
      },
    }));
    expect(timed(of, 0).order).toBe('us ms ns');
  });

  it('gives each step a cost between 1 and L, and each CPU its clock', () => {
    const of = program('ten steps', (m) => ({
      actors: {
        *a(cpu) {
          for (let n = 0; n < 10; n++) yield* cpu.read(m.cell('x', 0));
        },
        *b(cpu) {
          yield* cpu.timeout(1000);
        },
      },
    }));
    const clocks = list(20, (n) => timed(of, 7, String(n)).timed);
    for (const clock of clocks) {
      expect(clock.clockOf(0)).toBeGreaterThanOrEqual(10);
      expect(clock.clockOf(0)).toBeLessThanOrEqual(70);
      expect(clock.clockOf(1)).toBeGreaterThan(1000);
    }
    expect(new Set(clocks.map((clock) => clock.clockOf(0))).size).toBeGreaterThan(5);
    expect(at(clocks, 0).clockOf(2)).toBe(0);
  });

  it('lets threads that share a CPU wait for each other', () => {
    const steps = (cpus: number): number => {
      const of = program(
        'three threads',
        (m) => ({
          actors: crowd('t', 3, (i) => {
            const x = m.cell(`x${String(i)}`, 0);
            return function* (cpu) {
              for (let n = 0; n < 10; n++) yield* cpu.write(x, n);
            };
          }),
        }),
        { cpus },
      );
      return timed(of, 1).timed.clockOf(0);
    };
    expect([steps(3), steps(1)]).toEqual([10, 30]);
  });

  it('wakes those who waited for a lock when it is given back, not earlier', () => {
    const of = program('a held lock', (m) => {
      const lock = m.mutex('lock');
      return {
        actors: {
          *holder(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.timeout(1000);
            yield* cpu.mutex_unlock(lock);
          },
          *waiter(cpu) {
            yield* cpu.timeout(10);
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
            yield* cpu.timeout(5);
          },
          *other(cpu) {
            yield* cpu.timeout(1003);
          },
        },
      };
    });
    const { order, timed: strategy } = timed(of, 0);
    expect(order).toBe('holder waiter holder holder waiter waiter other waiter');
    expect(strategy.now).toBe(1005);
  });

  it('starts the clock of a spawned thread when it is spawned', () => {
    const of = program('a child', () => ({
      actors: {
        *main(cpu) {
          yield* cpu.timeout(100);
          const child = yield* cpu.spawn('child', function* (own) {
            yield* own.timeout(50);
          });
          yield* cpu.join(child);
        },
        *other(cpu) {
          yield* cpu.timeout(149);
          yield* cpu.timeout(2);
        },
      },
    }));
    expect(timed(of, 0).order).toBe('main main other main/child main other');
  });

  it('has its schedules replayed without clocks, to the same verdict', () => {
    const of = program('late', (m) => {
      const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
      return {
        actors: crowd(
          't',
          4,
          (i) =>
            function* (cpu) {
              for (let n = 1; n < 4; n++) {
                yield* cpu.timeout(i * n);
                yield* cpu.mutex_lock(lock);
                const seen = yield* cpu.read(x);
                yield* cpu.mutex_unlock(lock);
                yield* cpu.write(x, seen + 1);
              }
              yield* cpu.BUG_ON((yield* cpu.read(x)) % 5 === 4, 'a number of updates was lost');
            },
        ),
      };
    });
    let failures = 0;
    for (const latencyMax of [0, 1, 50]) {
      const execution = new Execution(of.build('search'), new Timed('seed', latencyMax));
      for (let run = 0; run < 40; run++) {
        const verdict = execution.run();
        if (verdict.kind !== 'ok') failures++;
        const again = replay(of, execution.recorder.copy());
        expect(again.mismatch).toBeUndefined();
        expect(again.trace.verdict).toEqual(verdict);
        expect(again.finding).toEqual(findingOf(execution));
      }
    }
    expect(failures).toBeGreaterThan(5);
  });

  it('lets an interrupt come at different times, and never against its mask', () => {
    const orders = new Set<string>();
    const of = program('an interrupt', (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *task(cpu) {
            yield* cpu.local_irq_disable();
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 2);
            yield* cpu.local_irq_enable();
            yield* cpu.read(x);
            yield* cpu.read(x);
          },
          irq: {
            *path(cpu) {
              yield* cpu.BUG_ON((yield* cpu.read(x)) === 1, 'it came in between');
            },
            cpu: 0,
            interrupt: { kind: 'hardirq', times: 1 },
          },
        },
      };
    });
    for (let n = 0; n < 100; n++) orders.add(timed(of, 10, String(n)).order);
    expect(orders.size).toBeGreaterThan(2);
  });
});

describe('strategies that explore', () => {
  it('let a thread that sleeps go on at any moment, in any order', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const order = m.cell('order', '');
      const sleeper = (name: string, time: number) => ({
        *path(cpu: Cpu): Path {
          yield* cpu.timeout(time);
          yield* cpu.write(order, `${yield* cpu.read(order)}${name}`);
        },
      });
      return {
        actors: { a: sleeper('a', 1), b: sleeper('b', 1_000_000) },
        look: () => order.peek(),
      };
    });
    expect([verdicts, looks]).toEqual([[fine], ['a', 'ab', 'b', 'ba']]);
  });
});

describe('a sleep', () => {
  it('is a panic where one may not sleep, and busy waiting is none', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.spinlock('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(lock);
            yield* cpu.udelay(10);
            yield* cpu.msleep(1);
            yield* cpu.spin_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual(['sleeping function msleep() called from invalid context (thread a)']);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'has a length that is a whole number, 0 or more: not %d',
    (time) => {
      const execution = executionOf(() => ({
        actors: {
          *a(cpu) {
            yield* cpu.timeout(time);
          },
        },
      }));
      expect(() => execution.run()).toThrow(ModelError);
    },
  );
});
