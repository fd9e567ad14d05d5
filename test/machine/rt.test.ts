import { describe, expect, it } from 'vitest';
import type { Cpu, Path, Step } from '../../src/machine/index.js';
import { after, everySchedule, fine, sentenceOf, type Setup } from '../support/run.js';

const rt = { rt: true } as const;

/** A thread that takes two steps inside a spinlock of some kind, and another one that looks. */
function section(kind: 'spinlock' | 'raw_spinlock'): Setup {
  return (m) => {
    const lock = m[kind]('lock');
    const x = m.cell('x', 0);
    let seen = -1;
    return {
      actors: {
        *holder(cpu) {
          seen = -1;
          yield* cpu.spin_lock_irq(lock);
          yield* cpu.write(x, 1);
          yield* cpu.write(x, 2);
          yield* cpu.spin_unlock_irq(lock);
        },
        *other(cpu) {
          seen = yield* cpu.read(x);
        },
      },
      look: () => seen,
    };
  };
}

describe('with PREEMPT_RT', () => {
  it('the holder of a spinlock_t can be preempted, that of a raw_spinlock_t cannot', () => {
    const seen = (kind: 'spinlock' | 'raw_spinlock', isRt: boolean): readonly unknown[] =>
      everySchedule(section(kind), { cpus: 1, rt: isRt }).looks;
    expect(seen('spinlock', false)).toEqual([0, 2]);
    expect(seen('raw_spinlock', true)).toEqual([0, 2]);
    expect(seen('spinlock', true)).toEqual([0, 1, 2]);
  });

  it('two threads of one CPU still exclude each other, and nobody waits for ever', () => {
    const { verdicts, looks } = everySchedule(
      (m) => {
        const lock = m.spinlock('lock');
        const rwlock = m.rwlock('rwlock');
        const x = m.cell('x', 0);
        function* add(cpu: Cpu): Path {
          yield* cpu.spin_lock_bh(lock);
          yield* cpu.write_lock_irq(rwlock);
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.write_unlock_irq(rwlock);
          yield* cpu.spin_unlock_bh(lock);
        }
        return { actors: { a: add, b: add }, look: () => x.peek() };
      },
      { cpus: 1, rt: true },
    );
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [2] });
  });

  it('the irq forms mask nothing', () => {
    const seenByInterrupt = (isRt: boolean): readonly unknown[] =>
      everySchedule(
        (m) => {
          const lock = m.spinlock('lock');
          const x = m.cell('x', 0);
          let seen: unknown = -1;
          return {
            actors: {
              *holder(cpu) {
                seen = -1;
                yield* cpu.spin_lock_irq(lock);
                yield* cpu.write(x, 1);
                yield* cpu.spin_unlock_irq(lock);
              },
              irq: {
                *path(cpu) {
                  const value = yield* cpu.read(x);
                  seen = lock.isHeldForWriting() ? 'inside' : value;
                },
                cpu: 0,
                interrupt: { kind: 'hardirq', times: 1 },
              },
            },
            look: () => seen,
          };
        },
        { rt: isRt },
      ).looks;
    expect(seenByInterrupt(false)).toEqual([-1, 0]);
    expect(seenByInterrupt(true)).toEqual(['inside', -1, 0]);
  });

  const atomic: readonly (readonly [string, (cpu: Cpu) => Step<unknown>])[] = [
    ['preempt_disable', (cpu) => cpu.preempt_disable()],
    ['local_irq_disable', (cpu) => cpu.local_irq_disable()],
    ['local_irq_save', (cpu) => cpu.local_irq_save()],
  ];
  it.each(atomic)('a spinlock_t must not be taken after %s (K-01)', (_, enter) => {
    const taken = (kind: 'spinlock' | 'raw_spinlock', isRt: boolean, inside: boolean): string =>
      sentenceOf(
        (m) => {
          const lock = m[kind]('lock');
          const x = m.cell('x', 0);
          return {
            actors: {
              *a(cpu) {
                yield* enter(cpu);
                if (inside) yield* cpu.read(x);
                yield* cpu.spin_lock(lock);
                yield* cpu.spin_unlock(lock);
              },
            },
          };
        },
        { rt: isRt },
      );
    const sleeps = 'sleeping function spin_lock() called from invalid context (thread a)';
    expect(taken('spinlock', true, true)).toBe(sleeps);
    expect(taken('spinlock', true, false)).toBe(sleeps);
    expect(taken('spinlock', false, true)).toBe(fine);
    expect(taken('raw_spinlock', true, true)).toBe(fine);
  });

  it('a spinlock_t may be taken where softirqs are off', () => {
    expect(
      sentenceOf((m) => {
        const [lock, inner] = [m.spinlock('lock'), m.spinlock('inner')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.local_bh_disable();
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_lock_bh(inner);
              yield* cpu.spin_unlock_bh(inner);
              yield* cpu.spin_unlock(lock);
              yield* cpu.local_bh_enable();
              yield* cpu.smp_processor_id();
            },
          },
        };
      }, rt),
    ).toContain('smp_processor_id() in preemptible context');
  });

  it('the holder stays on its CPU', () => {
    const placed: Setup = (m) => {
      const lock = m.spinlock('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(lock);
            const id = yield* cpu.smp_processor_id();
            yield* cpu.spin_unlock(lock);
            yield* cpu.BUG_ON(id !== 0, 'it was moved');
          },
          balancer: {
            *path() {
              // The load balancer runs no path.
            },
            cpu: 3,
            balance: { actor: 'a', times: 1 },
          },
        },
      };
    };
    expect(after(placed, 'a', rt).runnable).toEqual(['a']);
  });

  it('a hard interrupt must not take a spinlock_t, and a softirq is to be a thread', () => {
    const handler = (kind: 'hardirq' | 'softirq'): Setup => {
      return (m) => {
        const lock = m.spinlock('lock');
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(x);
            },
            irq: {
              *path(cpu) {
                yield* cpu.spin_lock(lock);
                yield* cpu.spin_unlock(lock);
              },
              cpu: 0,
              interrupt: { kind, times: 1 },
            },
          },
        };
      };
    };
    expect(everySchedule(handler('hardirq'), rt).verdicts).toContain(
      'sleeping function spin_lock() called from invalid context (thread irq)',
    );
    expect(() => everySchedule(handler('softirq'), rt)).toThrow(
      'irq is a softirq, which PREEMPT_RT runs in a thread: declare it as an actor',
    );
  });

  it('a reader-writer lock prefers readers, whatever the profile says', () => {
    const setup: Setup = (m) => {
      const lock = m.rwlock('lock', 'queued');
      function* reading(cpu: Cpu): Path {
        yield* cpu.read_lock(lock);
        yield* cpu.read_unlock(lock);
      }
      return {
        actors: {
          r1: reading,
          *w(cpu) {
            yield* cpu.write_lock(lock);
            yield* cpu.write_unlock(lock);
          },
          r2: reading,
        },
      };
    };
    expect(after(setup, 'r1', rt).runnable).toEqual(['r1', 'r2']);
  });
});
