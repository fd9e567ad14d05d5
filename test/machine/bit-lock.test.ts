import { describe, expect, it } from 'vitest';
import type { Cpu, Path } from '../../src/machine/index.js';
import { after, everySchedule, fine, sentenceOf, type Setup } from '../support/run.js';

describe('a bit lock', () => {
  it('excludes who waits for it, in all schedules, and twice on one machine', () => {
    const setup: Setup = (m) => {
      const word = m.cell('flags', 4);
      const lock = m.bit_spinlock(word, 0);
      const x = m.cell('x', 0);
      function* add(cpu: Cpu): Path {
        yield* cpu.bit_spin_lock(lock);
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        yield* cpu.bit_spin_unlock(lock);
      }
      return { actors: { a: add, b: add }, look: () => [x.peek(), word.peek()] };
    };
    const { verdicts, looks } = everySchedule(setup);
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[2, 4]] });
  });

  it('is a bit of the word: reads see it, and other bits live beside it', () => {
    const { looks } = everySchedule((m) => {
      const word = m.cell('flags', 0);
      const lock = m.bit_spinlock(word, 3);
      let seen = -1;
      return {
        actors: {
          *a(cpu) {
            yield* cpu.bit_spin_lock(lock);
            yield* cpu.set_bits(word, 1);
            seen = yield* cpu.read(word);
            yield* cpu.bit_spin_unlock(lock);
          },
        },
        look: () => [seen, word.peek()],
      };
    });
    expect(looks).toEqual([[9, 1]]);
  });

  it('is given up by whoever clears the bit, and taken by whoever sets it', () => {
    const setup: Setup = (m) => {
      const word = m.cell('flags', 1);
      const lock = m.bit_spinlock(word, 0);
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.bit_spin_lock(lock);
            yield* cpu.bit_spin_unlock(lock);
          },
          *clearer(cpu) {
            yield* cpu.clear_bits(word, 1);
            yield* cpu.set_bits(word, 1);
            yield* cpu.clear_bits(word, 1);
          },
        },
      };
    };
    expect(after(setup, 'clearer').runnable).toEqual(['clearer', 'waiter']);
    expect(after(setup, 'clearer clearer').runnable).toEqual(['clearer']);
    expect(everySchedule(setup).verdicts).toContain(fine);
  });

  it('makes its holder atomic, is tried without waiting, and is unlocked by its owner only', () => {
    const alone = (path: (cpu: Cpu, lock: ReturnType<typeof lockOf>) => Path): string =>
      sentenceOf((m) => {
        const lock = lockOf(m);
        return { actors: { a: (cpu) => path(cpu, lock) } };
      });
    const lockOf = (m: Parameters<Setup>[0]) => m.bit_spinlock(m.cell('flags', 0), 0);
    expect(
      alone(function* (cpu, lock) {
        yield* cpu.BUG_ON(!(yield* cpu.bit_spin_trylock(lock)), 'it was free');
        yield* cpu.BUG_ON(!cpu.in_atomic, 'it is atomic');
        yield* cpu.BUG_ON(yield* cpu.bit_spin_trylock(lock), 'it was taken');
        yield* cpu.bit_spin_unlock(lock);
      }),
    ).toBe(fine);
    expect(
      alone(function* (cpu, lock) {
        yield* cpu.bit_spin_unlock(lock);
      }),
    ).toBe('bit_spin_unlock(flags.bit0) by a non-owner: nobody holds it (thread a)');
  });
});
