import { describe, expect, it } from 'vitest';
import type { Cell, Cpu, Path, Step } from '../../src/machine/index.js';
import { everySchedule, fine, sentenceOf } from '../support/run.js';

type Take = (cpu: Cpu, x: Cell<number>) => Step<unknown>;

/** From which value to which, and what is returned. */
const table: readonly (readonly [string, Take, number, number, unknown])[] = [
  ['atomic_add', (cpu, x) => cpu.atomic_add(x, 3), 4, 7, undefined],
  ['atomic_sub', (cpu, x) => cpu.atomic_sub(x, 3), 4, 1, undefined],
  ['atomic_add_return', (cpu, x) => cpu.atomic_add_return(x, 3), 4, 7, 7],
  ['atomic_sub_return', (cpu, x) => cpu.atomic_sub_return(x, 3), 4, 1, 1],
  ['atomic_inc_return', (cpu, x) => cpu.atomic_inc_return(x), 4, 5, 5],
  ['atomic_dec_return', (cpu, x) => cpu.atomic_dec_return(x), 4, 3, 3],
  ['atomic_sub_and_test to 0', (cpu, x) => cpu.atomic_sub_and_test(x, 4), 4, 0, true],
  ['atomic_sub_and_test to 1', (cpu, x) => cpu.atomic_sub_and_test(x, 3), 4, 1, false],
  ['atomic_inc_and_test to 0', (cpu, x) => cpu.atomic_inc_and_test(x), -1, 0, true],
  ['atomic_inc_and_test to 1', (cpu, x) => cpu.atomic_inc_and_test(x), 0, 1, false],
  ['atomic_inc_not_zero of 0', (cpu, x) => cpu.atomic_inc_not_zero(x), 0, 0, false],
  ['atomic_inc_not_zero of 1', (cpu, x) => cpu.atomic_inc_not_zero(x), 1, 2, true],
  ['atomic_cmpxchg that stores', (cpu, x) => cpu.atomic_cmpxchg(x, 4, 9), 4, 9, 4],
  ['atomic_cmpxchg that does not', (cpu, x) => cpu.atomic_cmpxchg(x, 5, 9), 4, 4, 4],
  ['atomic_xchg', (cpu, x) => cpu.atomic_xchg(x, 9), 4, 9, 4],
  ['test_bit of a set bit', (cpu, x) => cpu.test_bit(x, 2), 4, 4, true],
  ['test_bit of a clear bit', (cpu, x) => cpu.test_bit(x, 1), 4, 4, false],
  ['test_and_set_bit of a clear bit', (cpu, x) => cpu.test_and_set_bit(x, 1), 4, 6, false],
  ['test_and_set_bit of a set bit', (cpu, x) => cpu.test_and_set_bit(x, 2), 4, 4, true],
  ['test_and_clear_bit of a set bit', (cpu, x) => cpu.test_and_clear_bit(x, 2), 4, 0, true],
  ['test_and_clear_bit of a clear bit', (cpu, x) => cpu.test_and_clear_bit(x, 1), 4, 4, false],
];

describe('an atomic operation', () => {
  it.each(table)('changes the cell and answers in one step: %s', (_, take, from, to, answer) => {
    const { verdicts, looks, steps } = everySchedule((m) => {
      const x = m.cell('x', from);
      let seen: unknown;
      return {
        actors: {
          *a(cpu) {
            seen = yield* take(cpu, x);
          },
        },
        look: () => ({ seen, now: x.peek() }),
      };
    });
    expect({ verdicts, looks, steps }).toEqual({
      verdicts: [fine],
      looks: [{ seen: answer, now: to }],
      steps: 1,
    });
  });

  it('counts each increment of two threads, and gives each its own number', () => {
    const { looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const seen: number[] = [];
      const count = (at: number) =>
        function* (cpu: Cpu): Path {
          seen[at] = yield* cpu.atomic_inc_return(x);
        };
      return { actors: { a: count(0), b: count(1) }, look: () => [...seen] };
    });
    expect(looks).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('lets one of two threads set a bit first', () => {
    const { looks } = everySchedule((m) => {
      const word = m.cell('word', 0);
      const was: boolean[] = [];
      const set = (at: number) =>
        function* (cpu: Cpu): Path {
          was[at] = yield* cpu.test_and_set_bit(word, 3);
        };
      return { actors: { a: set(0), b: set(1) }, look: () => [...was, word.peek()] };
    });
    expect(looks).toEqual([
      [false, true, 8],
      [true, false, 8],
    ]);
  });

  it('takes no reference where the counter has come to 0', () => {
    expect(
      sentenceOf((m) => {
        const count = m.refcount('count', 1);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.BUG_ON(!(yield* cpu.atomic_sub_and_test(count, 1)), 'not the last one');
              yield* cpu.BUG_ON(yield* cpu.atomic_inc_not_zero(count), 'it came back to life');
            },
          },
        };
      }),
    ).toBe(fine);
  });
});
