import { describe, expect, it } from 'vitest';
import { balancer } from '../../scenarios/index.js';
import type { Cpu, Path } from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf, type Setup } from '../support/run.js';

/** Where a thread was at each of its steps, over all schedules. */
function courses(
  body: (cpu: Cpu, look: () => Path) => Path,
  others: Readonly<Record<string, ReturnType<typeof balancer<Cpu>>>> = {},
): { readonly looks: readonly unknown[]; readonly verdicts: readonly string[] } {
  return everySchedule((m) => {
    const seen: number[] = [];
    const x = m.cell('x', 0);
    return {
      actors: {
        *thread(cpu) {
          yield* body(cpu, function* () {
            yield* cpu.read(x);
            seen.push(cpu.id);
          });
        },
        ...others,
      },
      look: () => seen.splice(0).join(''),
    };
  });
}

describe('a thread', () => {
  it('moves itself to a CPU', () => {
    const { looks } = courses(function* (cpu, look) {
      yield* look();
      yield* cpu.set_cpu(3);
      yield* look();
      yield* cpu.set_cpu(1);
      yield* look();
    });
    expect(looks).toEqual(['031']);
  });

  it('may not move itself in atomic context, nor to a CPU that cannot be', () => {
    expect(
      courses(function* (cpu) {
        yield* cpu.preempt_disable();
        yield* cpu.set_cpu(1);
      }).verdicts,
    ).toEqual([
      'sleeping function set_cpus_allowed_ptr() called from invalid context (thread thread)',
    ]);
    expect(() =>
      courses(function* (cpu) {
        yield* cpu.set_cpu(-1);
      }),
    ).toThrow('there is no CPU -1: they are counted from 0');
  });

  it('is moved by the load balancer between any two steps, or not at all', () => {
    const { looks } = courses(
      function* (_, look) {
        yield* look();
        yield* look();
      },
      { balance: balancer('thread', 1) },
    );
    expect(looks).toEqual(['00', '01', '11']);
  });

  it('is not moved while preemption or migration is off', () => {
    const kept = (form: 'preempt' | 'migrate') =>
      courses(
        function* (cpu, look) {
          if (form === 'preempt') yield* cpu.preempt_disable();
          else yield* cpu.migrate_disable();
          yield* look();
          yield* look();
          if (form === 'preempt') yield* cpu.preempt_enable();
          else yield* cpu.migrate_enable();
          yield* look();
        },
        { balance: balancer('thread', 1) },
      ).looks;
    expect(kept('preempt')).toEqual(['000', '001', '111']);
    expect(kept('migrate')).toEqual(['000', '001', '111']);
  });

  it('is moved as often as the balancer may, there and back', () => {
    const { looks } = courses(
      function* (_, look) {
        yield* look();
        yield* look();
        yield* look();
      },
      { there: balancer('thread', 1, 2), back: balancer('thread', 0) },
    );
    expect(looks).toContain('010');
    expect(looks).toContain('101');
    expect(looks).not.toContain('100101');
  });

  it('begins every execution where it was placed', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *thread(cpu) {
            yield* cpu.read(x);
            yield* cpu.BUG_ON(cpu.id !== 0, 'it is elsewhere');
            yield* cpu.set_cpu(2);
          },
          *spawner(cpu) {
            const child = yield* cpu.spawn('child', function* (own: Cpu) {
              yield* own.read(x);
              return own.id;
            });
            const id = yield* cpu.join(child);
            yield* cpu.BUG_ON(id < 2, `the child is on CPU${String(id)}`);
          },
        },
      };
    });
    expect([1, 2, 3].map(() => execution.run().kind)).toEqual(['ok', 'ok', 'ok']);
  });

  it('that is moved waits for whoever cannot be preempted where it comes to', () => {
    const setup: Setup = (m) => {
      const inside = m.cell('inside', 0);
      return {
        actors: {
          *guest(cpu) {
            yield* cpu.set_cpu(1);
            yield* cpu.BUG_ON((yield* cpu.read(inside)) > 0, 'the guest is inside');
          },
          host: {
            cpu: 1,
            *path(cpu: Cpu): Path {
              yield* cpu.preempt_disable();
              yield* cpu.fetch_add(inside, 1);
              yield* cpu.fetch_add(inside, -1);
              yield* cpu.preempt_enable();
            },
          },
        },
      };
    };
    expect(everySchedule(setup).verdicts).toEqual([fine]);
  });
});

describe('per-CPU data', () => {
  const counted = (form: 'this_cpu_inc' | 'ptr', pinned: boolean) =>
    everySchedule((m) => {
      const count = m.percpu('count', 0);
      return {
        actors: {
          *thread(cpu) {
            if (pinned) yield* cpu.preempt_disable();
            if (form === 'this_cpu_inc') yield* cpu.this_cpu_inc(count);
            else {
              const mine = yield* cpu.this_cpu_ptr(count);
              yield* cpu.write(mine, (yield* cpu.read(mine)) + 1);
            }
            if (pinned) yield* cpu.preempt_enable();
          },
          balance: balancer('thread', 1),
        },
        look: () => count.peekAll().join(),
      };
    });

  it('is that of the CPU on which the step is taken', () => {
    const { looks, verdicts } = counted('this_cpu_inc', false);
    expect({ looks, verdicts }).toEqual({ looks: ['0,1', '1'], verdicts: [fine] });
  });

  it('by pointer needs a thread that stays where it is', () => {
    const warning = 'this_cpu_ptr() in preemptible context: the CPU may change (thread thread)';
    expect(counted('ptr', false).verdicts).toEqual([warning]);
    expect(counted('ptr', true).verdicts).toEqual([fine]);
  });

  it('of another CPU can be reached, and every CPU has its own', () => {
    expect(
      sentenceOf((m) => {
        const flag = m.percpu('flag', 7);
        return {
          actors: {
            *thread(cpu) {
              yield* cpu.write(flag.on(2), 1);
              const values = [yield* cpu.this_cpu_read(flag), yield* cpu.read(flag.on(2))];
              yield* cpu.BUG_ON(values.join() !== '7,1', values.join());
              yield* cpu.this_cpu_write(flag, 3);
              yield* cpu.BUG_ON((yield* cpu.this_cpu_cmpxchg(flag, 3, 4)) !== 3, 'not 3');
              yield* cpu.BUG_ON((yield* cpu.this_cpu_read(flag)) !== 4, 'not 4');
              yield* cpu.BUG_ON(flag.on(2).name !== 'flag.cpu2', flag.on(2).name);
            },
          },
        };
      }),
    ).toBe(fine);
  });

  it('needs an interrupt mask only where a handler of the same CPU changes it in two steps', () => {
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *thread(cpu) {
              yield* cpu.read(x);
              yield* cpu.smp_processor_id();
            },
          },
        };
      }),
    ).toBe('smp_processor_id() in preemptible context: the CPU may change (thread thread)');
  });
});
