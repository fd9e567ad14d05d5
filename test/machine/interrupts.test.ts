import { describe, expect, it } from 'vitest';
import { prove } from '../../scheduler/index.js';
import { hardirq, softirq } from '../../scenarios/index.js';
import type { Cpu, Path } from '../../src/machine/index.js';
import { type Cast, program } from '../support/program.js';
import { after, everySchedule, executionOf, fine, type Setup } from '../support/run.js';

/** Writes what it is told into a log, each letter one step. */
function logged(body: (say: (cpu: Cpu, letter: string) => Path) => Cast['actors']): Setup {
  return (m) => {
    const log = m.cell('log', '');
    function* say(cpu: Cpu, letter: string): Path {
      const seen = log.peek();
      yield* cpu.write(log, seen + letter);
    }
    return { actors: body(say), look: () => log.peek() };
  };
}

/** The same, with reading and writing the log in one step, so that no letter is lost. */
function letters(
  body: (say: (cpu: Cpu, letter: string) => Path) => Cast['actors'],
): (options?: Parameters<typeof everySchedule>[1]) => readonly unknown[] {
  return (options) => {
    const setup: Setup = (m) => {
      const order: string[] = [];
      const tick = m.cell('tick', 0);
      function* say(cpu: Cpu, letter: string): Path {
        yield* cpu.fetch_add(tick, 1);
        order.push(letter);
      }
      return {
        actors: body(say),
        look: () => order.splice(0).join(''),
      };
    };
    return everySchedule(setup, options).looks;
  };
}

describe('a hard interrupt', () => {
  it('comes between any two steps of its CPU, or not at all', () => {
    const looks = letters((say) => ({
      *thread(cpu) {
        yield* say(cpu, 'a');
        yield* say(cpu, 'b');
      },
      irq: hardirq(0, (cpu: Cpu) => say(cpu, 'I')),
    }))();
    expect(looks).toEqual(['Iab', 'aIb', 'ab']);
  });

  it('has its CPU to itself until its handler returns, and no other CPU', () => {
    const handler = (say: (cpu: Cpu, letter: string) => Path) =>
      function* (cpu: Cpu): Path {
        yield* say(cpu, '(');
        yield* say(cpu, ')');
      };
    const looks = (cpu: number) =>
      letters((say) => ({
        thread: (c: Cpu) => say(c, 'x'),
        other: { path: (c: Cpu) => say(c, 'y'), cpu: 1 },
        irq: hardirq(cpu, handler(say)),
      }))();
    expect(looks(0)).toContain('(y)x');
    expect(looks(0).filter((order) => /\(.*x.*\)/.test(String(order)))).toEqual([]);
    expect(looks(1)).toContain('(x)y');
    expect(looks(1).filter((order) => /\(.*y.*\)/.test(String(order)))).toEqual([]);
  });

  it('comes as often as it was declared, and no more', () => {
    const looks = letters((say) => ({
      thread: (cpu: Cpu) => say(cpu, 'a'),
      irq: hardirq(0, (cpu: Cpu) => say(cpu, 'I'), 2),
    }))();
    expect(looks).toEqual(['IIa', 'Ia', 'a']);
  });

  it('stays away while interrupts are masked on its CPU, however they were masked', () => {
    const looks = (mask: (cpu: Cpu, inside: () => Path) => Path) =>
      letters((say) => ({
        *thread(cpu) {
          yield* mask(cpu, function* () {
            yield* say(cpu, 'a');
            yield* say(cpu, 'b');
          });
          yield* say(cpu, 'c');
        },
        irq: hardirq(0, (cpu: Cpu) => say(cpu, 'I')),
      }))();
    const masked = ['Iabc', 'abIc', 'abc'];
    expect(
      looks(function* (cpu, inside) {
        yield* cpu.local_irq_disable();
        yield* inside();
        yield* cpu.local_irq_enable();
      }),
    ).toEqual(masked);
    expect(
      looks(function* (cpu, inside) {
        const flags = yield* cpu.local_irq_save();
        yield* inside();
        yield* cpu.local_irq_restore(flags);
      }),
    ).toEqual(masked);
    expect(
      looks(function* (cpu, inside) {
        yield* cpu.local_bh_disable();
        yield* inside();
        yield* cpu.local_bh_enable();
      }),
    ).toEqual(['Iabc', 'aIbc', 'abIc', 'abc']);
  });

  it('does not nest in another hard one of its CPU, but comes into a softirq', () => {
    const nested = (kinds: readonly [typeof hardirq, typeof hardirq]) =>
      letters((say) => ({
        thread: (cpu: Cpu) => say(cpu, 'a'),
        outer: kinds[0](0, function* (cpu: Cpu) {
          yield* say(cpu, '(');
          yield* say(cpu, ')');
        }),
        inner: kinds[1](0, (cpu: Cpu) => say(cpu, 'I')),
      }))().some((order) => String(order).includes('(I)'));
    expect(nested([hardirq, hardirq])).toBe(false);
    expect(nested([softirq, hardirq])).toBe(true);
    expect(nested([softirq, softirq])).toBe(false);
    expect(nested([hardirq, softirq])).toBe(false);
  });

  it('whose handler takes the lock of the thread that it has interrupted is a deadlock', () => {
    const setup =
      (irqsOff: boolean): Setup =>
      (m) => {
        const lock = m.spinlock('lock');
        return {
          actors: {
            *thread(cpu) {
              if (irqsOff) yield* cpu.spin_lock_irq(lock);
              else yield* cpu.spin_lock(lock);
              if (irqsOff) yield* cpu.spin_unlock_irq(lock);
              else yield* cpu.spin_unlock(lock);
            },
            irq: hardirq(0, function* (cpu: Cpu) {
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_unlock(lock);
            }),
          },
        };
      };
    expect(everySchedule(setup(false)).verdicts).toEqual([
      'irq waits for lock in spin_lock(), held by thread; thread waits for CPU0 in spin_unlock(), held by irq',
      fine,
    ]);
    expect(everySchedule(setup(true)).verdicts).toEqual([fine]);
    const proof = prove(program('irq', setup(false)));
    expect({ preemptions: proof.finding?.preemptions, minimal: proof.minimal }).toEqual({
      preemptions: 1,
      minimal: true,
    });
  });

  it('keeps an execution from ending while its handler runs, and not before it has come', () => {
    const { verdicts, looks } = everySchedule(
      logged((say) => ({
        thread: (cpu: Cpu) => say(cpu, 'a'),
        irq: hardirq(1, function* (cpu: Cpu) {
          yield* say(cpu, '1');
          yield* say(cpu, '2');
          yield* say(cpu, '3');
        }),
      })),
    );
    expect(verdicts).toEqual([fine]);
    for (const order of looks) expect(String(order)).toMatch(/^(a|.*3.*)$/);
  });

  it('may not sleep', () => {
    const { verdicts } = everySchedule((m) => {
      const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
      return {
        actors: {
          *thread(cpu) {
            yield* cpu.read(x);
          },
          irq: hardirq(0, function* (cpu: Cpu) {
            yield* cpu.mutex_lock(lock);
          }),
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'sleeping function mutex_lock() called from invalid context (thread irq)',
    ]);
  });

  it('may not enable interrupts', () => {
    const { verdicts } = everySchedule((m) => {
      const [x, lock] = [m.cell('x', 0), m.spinlock('lock')];
      return {
        actors: {
          *thread(cpu) {
            yield* cpu.read(x);
          },
          irq: hardirq(0, function* (cpu: Cpu) {
            yield* cpu.spin_lock_irq(lock);
            yield* cpu.spin_unlock_irq(lock);
          }),
        },
      };
    });
    expect(verdicts).toContain(
      'spin_unlock_irq() enabled interrupts inside a section that masked them (thread irq)',
    );
  });

  it('comes again in the next execution as in the first', () => {
    const execution = executionOf(
      logged((say) => ({
        thread: (cpu: Cpu) => say(cpu, 'a'),
        irq: hardirq(0, (cpu: Cpu) => say(cpu, 'I'), 3),
      })),
    );
    const runs = [1, 2, 3].map(() => [execution.run().kind, execution.steps].join());
    expect(new Set(runs).size).toBe(1);
  });
});

describe('a softirq', () => {
  it('stays away while softirqs or interrupts are off on its CPU, and comes with preemption off', () => {
    const comes = (form: 'preempt' | 'bh' | 'irq') =>
      letters((say) => ({
        *thread(cpu) {
          if (form === 'preempt') yield* cpu.preempt_disable();
          if (form === 'bh') yield* cpu.local_bh_disable();
          if (form === 'irq') yield* cpu.local_irq_disable();
          yield* say(cpu, 'a');
          yield* say(cpu, 'b');
          if (form === 'preempt') yield* cpu.preempt_enable();
          if (form === 'bh') yield* cpu.local_bh_enable();
          if (form === 'irq') yield* cpu.local_irq_enable();
        },
        soft: softirq(0, (cpu: Cpu) => say(cpu, 'S')),
      }))().includes('aSb');
    expect([comes('preempt'), comes('bh'), comes('irq')]).toEqual([true, false, false]);
  });

  it('that is off keeps other threads off the CPU as well', () => {
    const setup: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.local_bh_disable();
            yield* cpu.read(x);
            yield* cpu.read(x);
            yield* cpu.local_bh_enable();
            yield* cpu.read(x);
          },
          *b(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(after(setup, 'a', { cpus: 1 }).runnable).toEqual(['a']);
    expect(after(setup, 'a a', { cpus: 1 }).runnable).toEqual(['a', 'b']);
  });

  it('nests: it comes when the last section that kept it off has ended', () => {
    const looks = letters((say) => ({
      *thread(cpu) {
        yield* cpu.local_bh_disable();
        yield* say(cpu, 'a');
        yield* cpu.local_bh_disable();
        yield* say(cpu, 'b');
        yield* cpu.local_bh_enable();
        yield* say(cpu, 'c');
        yield* cpu.local_bh_enable();
        yield* say(cpu, 'd');
      },
      soft: softirq(0, (cpu: Cpu) => say(cpu, 'S')),
    }))();
    expect(looks).toEqual(['Sabcd', 'abcSd', 'abcd']);
  });

  it('may not be enabled where it is not off, or while interrupts are', () => {
    const { verdicts } = everySchedule((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield* cpu.local_bh_enable();
          },
        },
      };
    });
    expect(verdicts).toEqual(['local_bh_enable() without local_bh_disable() (thread a)']);
    const masked = everySchedule((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.local_bh_disable();
            yield* cpu.local_irq_disable();
            yield* cpu.read(x);
            yield* cpu.local_bh_enable();
            yield* cpu.local_irq_enable();
          },
        },
      };
    });
    expect(masked.verdicts).toEqual(['local_bh_enable() with interrupts masked (thread a)']);
  });
});
