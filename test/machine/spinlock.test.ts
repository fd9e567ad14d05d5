import { describe, expect, it } from 'vitest';
import type { Cpu, Path, Spinlock, Step } from '../../src/machine/index.js';
import { everySchedule, fine, goingOn, sentenceOf } from '../support/run.js';

interface Form {
  readonly lock: (cpu: Cpu, lock: Spinlock) => Step<unknown>;
  readonly unlock: (cpu: Cpu, lock: Spinlock) => Step<void>;
}

/** Every pair of primitives; irqsave is given flags that say that interrupts were on. */
const forms: readonly (readonly [string, Form])[] = [
  [
    'spin_lock_bh',
    {
      lock: (cpu, lock) => cpu.spin_lock_bh(lock),
      unlock: (cpu, lock) => cpu.spin_unlock_bh(lock),
    },
  ],
  [
    'spin_trylock_bh',
    {
      lock: (cpu, lock) => cpu.spin_trylock_bh(lock),
      unlock: (cpu, lock) => cpu.spin_unlock_bh(lock),
    },
  ],
  [
    'spin_trylock_irq',
    {
      lock: (cpu, lock) => cpu.spin_trylock_irq(lock),
      unlock: (cpu, lock) => cpu.spin_unlock_irq(lock),
    },
  ],
  [
    'spin_lock',
    { lock: (cpu, lock) => cpu.spin_lock(lock), unlock: (cpu, lock) => cpu.spin_unlock(lock) },
  ],
  [
    'spin_lock_irq',
    {
      lock: (cpu, lock) => cpu.spin_lock_irq(lock),
      unlock: (cpu, lock) => cpu.spin_unlock_irq(lock),
    },
  ],
  [
    'spin_lock_irqsave',
    {
      lock: (cpu, lock) => cpu.spin_lock_irqsave(lock),
      unlock: (cpu, lock) => cpu.spin_unlock_irqrestore(lock, true),
    },
  ],
  [
    'spin_trylock',
    { lock: (cpu, lock) => cpu.spin_trylock(lock), unlock: (cpu, lock) => cpu.spin_unlock(lock) },
  ],
];
const waiting = forms.filter(([name]) => !name.includes('trylock'));

describe.each(forms)('%s', (_, { lock: take, unlock }) => {
  it('excludes who waits for the lock, until it is unlocked', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.spinlock('lock');
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            const taken = yield* take(cpu, lock);
            if (taken === false) return;
            yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            yield* unlock(cpu, lock);
          },
          *b(cpu) {
            yield* cpu.spin_lock(lock);
            yield* cpu.write(x, (yield* cpu.read(x)) + 10);
            yield* cpu.spin_unlock(lock);
          },
        },
        look: () => x.peek(),
      };
    });
    expect(verdicts).toEqual([fine]);
    expect(looks.filter((x) => x !== 10)).toEqual([11]);
  });

  it('makes its holder atomic: it may not sleep', () => {
    const sleep = (releases: boolean): string =>
      sentenceOf((m) => {
        const lock = m.spinlock('lock');
        const mutex = m.mutex('mutex');
        return {
          actors: {
            *a(cpu) {
              yield* take(cpu, lock);
              if (releases) yield* unlock(cpu, lock);
              yield* cpu.mutex_lock(mutex);
              yield* cpu.mutex_unlock(mutex);
            },
          },
        };
      });
    expect(sleep(false)).toBe(
      'sleeping function mutex_lock() called from invalid context (thread a)',
    );
    expect(sleep(true)).toBe(fine);
  });

  it('keeps other threads off the CPU of its holder until it unlocks', () => {
    const { looks } = everySchedule(
      (m) => {
        const lock = m.spinlock('lock');
        const x = m.cell('x', 0);
        let seen: number[] = [];
        return {
          actors: {
            *a(cpu) {
              seen = [];
              yield* take(cpu, lock);
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 2);
              yield* unlock(cpu, lock);
              yield* cpu.write(x, 3);
            },
            *b(cpu) {
              seen.push(yield* cpu.read(x));
            },
          },
          look: () => seen,
        };
      },
      { cpus: 1 },
    );
    expect(looks).toEqual([[0], [2], [3]]);
  });

  it('is unlocked by its owner only', () => {
    expect(
      sentenceOf((m) => {
        const lock = m.spinlock('lock');
        return {
          actors: {
            *a(cpu) {
              yield* unlock(cpu, lock);
            },
          },
        };
      }),
    ).toContain('(lock) by a non-owner: nobody holds it (thread a)');
  });
});

describe.each(waiting)('%s', (name, { lock: take }) => {
  it('by its holder is a deadlock', () => {
    expect(
      sentenceOf((m) => {
        const lock = m.spinlock('lock');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock(lock);
              yield* take(cpu, lock);
            },
          },
        };
      }),
    ).toBe(`a waits for lock in ${name}(), held by a`);
  });
});

describe('spin_trylock', () => {
  it('neither waits nor makes atomic where the lock is busy', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.spinlock('lock');
      const mutex = m.mutex('mutex');
      const taken = m.cell('taken', 'not tried');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(lock);
            yield* cpu.spin_unlock(lock);
          },
          *b(cpu) {
            const got = yield* cpu.spin_trylock(lock);
            yield* cpu.write(taken, got ? 'taken' : 'busy');
            if (got) yield* cpu.spin_unlock(lock);
            yield* cpu.mutex_lock(mutex);
            yield* cpu.mutex_unlock(mutex);
          },
        },
        look: () => taken.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: ['busy', 'taken'] });
  });
});

describe('interrupts', () => {
  /** Whether interrupts are masked on the CPU after each of the steps. */
  const masks = (body: (cpu: Cpu, a: Spinlock, b: Spinlock, note: () => void) => Path) => {
    const seen: boolean[] = [];
    const verdict = goingOn((m) => {
      const [a, b] = [m.spinlock('a'), m.spinlock('b')];
      const note = (): void => void seen.push(m.thread(0).processor.irqsOff.peek());
      return { actors: { t: (cpu) => body(cpu, a, b, note) } };
    });
    return { seen, verdict: verdict.kind === 'warning' ? verdict.message : verdict.kind };
  };

  it('are masked by the irq forms and left alone by the plain one', () => {
    expect(
      masks(function* (cpu, a, b, note) {
        yield* cpu.spin_lock(a);
        note();
        yield* cpu.spin_lock_irq(b);
        note();
        yield* cpu.spin_unlock_irq(b);
        note();
        yield* cpu.spin_unlock(a);
      }),
    ).toEqual({ seen: [false, true, false], verdict: 'ok' });
  });

  it('are as they were before irqsave after irqrestore, also inside another section', () => {
    expect(
      masks(function* (cpu, a, b, note) {
        yield* cpu.spin_lock_irq(a);
        const flags = yield* cpu.spin_lock_irqsave(b);
        note();
        yield* cpu.spin_unlock_irqrestore(b, flags);
        note();
        yield* cpu.spin_unlock_irq(a);
        note();
      }),
    ).toEqual({ seen: [true, true, false], verdict: 'ok' });
  });

  it('enabled inside a section that masked them are a warning', () => {
    const warning = 'spin_unlock_irq() enabled interrupts inside a section that masked them';
    const nested = (save: boolean) =>
      masks(function* (cpu, a, b) {
        if (save) yield* cpu.spin_lock_irqsave(a);
        else yield* cpu.spin_lock_irq(a);
        yield* cpu.spin_lock_irq(b);
        yield* cpu.spin_unlock_irq(b);
      });
    expect(nested(true)).toEqual({ seen: [], verdict: warning });
    expect(nested(false)).toEqual({ seen: [], verdict: warning });
  });

  it('enabled by one section after the other are none', () => {
    expect(
      masks(function* (cpu, a, b) {
        yield* cpu.spin_lock_irq(a);
        yield* cpu.spin_unlock_irq(a);
        yield* cpu.spin_lock_irq(b);
        yield* cpu.spin_unlock_irq(b);
      }).verdict,
    ).toBe('ok');
  });

  it('that stay masked after the lock is given up keep the thread from sleeping', () => {
    expect(
      sentenceOf((m) => {
        const [lock, mutex] = [m.spinlock('lock'), m.mutex('mutex')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock_irq(lock);
              yield* cpu.spin_unlock(lock);
              yield* cpu.mutex_lock(mutex);
            },
          },
        };
      }),
    ).toBe('sleeping function mutex_lock() called from invalid context (thread a)');
  });
});

describe('a trylock that saves flags', () => {
  it('returns them where it took the lock, null where the lock is busy, and masks nothing then', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.spinlock('lock');
      let seen: unknown[] = [];
      return {
        actors: {
          *a(cpu) {
            seen = [];
            const flags = yield* cpu.spin_trylock_irqsave(lock);
            seen.push(flags, cpu.in_atomic);
            if (flags !== null) yield* cpu.spin_unlock_irqrestore(lock, flags);
            seen.push(cpu.in_atomic);
          },
          *b(cpu) {
            yield* cpu.spin_lock(lock);
            yield* cpu.spin_unlock(lock);
          },
        },
        look: () => seen,
      };
    });
    expect(verdicts).toEqual([fine]);
    expect(looks).toEqual([
      [null, false, false],
      [true, true, false],
    ]);
  });

  it('keeps interrupts off where they were off before', () => {
    expect(
      sentenceOf((m) => {
        const [outer, inner] = [m.spinlock('outer'), m.spinlock('inner')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock_irq(outer);
              const flags = yield* cpu.spin_trylock_irqsave(inner);
              yield* cpu.BUG_ON(flags !== false, 'interrupts were off');
              yield* cpu.spin_unlock_irqrestore(inner, false);
              yield* cpu.spin_unlock_irq(outer);
            },
          },
        };
      }),
    ).toBe(fine);
  });

  it('enables interrupts where it fails and saves nothing: a warning in a section that masked them', () => {
    expect(
      sentenceOf((m) => {
        const [outer, inner] = [m.spinlock('outer'), m.spinlock('inner')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock_irq(outer);
              yield* cpu.spin_lock(inner);
              yield* cpu.spin_trylock_irq(inner);
            },
          },
        };
      }),
    ).toBe('spin_trylock_irq() enabled interrupts inside a section that masked them (thread a)');
  });
});

describe('saved flags', () => {
  const restored = (order: 'last saved first' | 'first saved first'): string =>
    sentenceOf((m) => {
      const [outer, inner] = [m.spinlock('outer'), m.spinlock('inner')];
      return {
        actors: {
          *a(cpu) {
            const first = yield* cpu.spin_lock_irqsave(outer);
            const second = yield* cpu.spin_lock_irqsave(inner);
            const swapped = order === 'first saved first';
            yield* cpu.spin_unlock_irqrestore(inner, swapped ? first : second);
            yield* cpu.spin_unlock_irqrestore(outer, swapped ? second : first);
          },
        },
      };
    });

  it('must be restored last saved first (K-05)', () => {
    expect(restored('last saved first')).toBe(fine);
    expect(restored('first saved first')).toBe(
      'a restores flags out of order: spin_unlock_irqrestore() enables interrupts in a section that ' +
        'masked them (K-05)',
    );
  });
});
