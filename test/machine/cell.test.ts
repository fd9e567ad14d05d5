import { describe, expect, it } from 'vitest';
import type { Cell, Cpu, Path, Step } from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf } from '../support/run.js';

/** Takes one step on a cell that holds `before`, alone; what it returned and what the cell holds then. */
function alone<T, R>(before: T, take: (cpu: Cpu, cell: Cell<T>) => Step<R>): readonly [R, T] {
  let result: readonly [R, T] | undefined;
  executionOf((m) => {
    const cell = m.cell('cell', before);
    return {
      actors: {
        *a(cpu) {
          result = [yield* take(cpu, cell), cell.peek()];
        },
      },
    };
  }).run();
  if (result === undefined) throw new Error('the step was not taken');
  return result;
}

describe('a step on a cell', () => {
  it('reads what the cell holds and leaves it', () => {
    expect(alone('old', (cpu, cell) => cpu.read(cell))).toEqual(['old', 'old']);
    expect(alone(3, (cpu, cell) => cpu.atomic_read(cell))).toEqual([3, 3]);
  });

  it('writes and returns nothing', () => {
    expect(alone('old', (cpu, cell) => cpu.write(cell, 'new'))).toEqual([undefined, 'new']);
  });

  it('exchanges and returns the old value', () => {
    expect(alone('old', (cpu, cell) => cpu.xchg(cell, 'new'))).toEqual(['old', 'new']);
  });

  it('compares and exchanges only what was expected, and returns the old value either way', () => {
    expect(alone(1, (cpu, cell) => cpu.cmpxchg(cell, 1, 2))).toEqual([1, 2]);
    expect(alone(1, (cpu, cell) => cpu.cmpxchg(cell, 3, 2))).toEqual([1, 1]);
  });

  it('adds and returns the old value', () => {
    expect(alone(5, (cpu, cell) => cpu.fetch_add(cell, 3))).toEqual([5, 8]);
    expect(alone(5, (cpu, cell) => cpu.atomic_inc(cell))).toEqual([undefined, 6]);
    expect(alone(5, (cpu, cell) => cpu.atomic_dec(cell))).toEqual([undefined, 4]);
  });

  it('decrements and says whether it came to zero', () => {
    expect(alone(1, (cpu, cell) => cpu.atomic_dec_and_test(cell))).toEqual([true, 0]);
    expect(alone(2, (cpu, cell) => cpu.atomic_dec_and_test(cell))).toEqual([false, 1]);
  });

  it('adds unless the cell holds the excluded value, and says whether it added', () => {
    expect(alone(0, (cpu, cell) => cpu.atomic_add_unless(cell, 1, 0))).toEqual([false, 0]);
    expect(alone(7, (cpu, cell) => cpu.atomic_add_unless(cell, 1, 0))).toEqual([true, 8]);
  });

  it('sets and clears only the given bits', () => {
    expect(alone(0b0101, (cpu, cell) => cpu.set_bits(cell, 0b0011))).toEqual([undefined, 0b0111]);
    expect(alone(0b0101, (cpu, cell) => cpu.clear_bits(cell, 0b0110))).toEqual([undefined, 0b0001]);
  });
});

describe('an increment', () => {
  const increments = (add: (cpu: Cpu, x: Cell<number>) => Path) =>
    everySchedule((m) => {
      const x = m.cell('x', 0);
      const body = (cpu: Cpu): Path => add(cpu, x);
      return { actors: { a: body, b: body }, look: () => x.peek() };
    });

  it('can be lost where it is a read and a write', () => {
    const { looks, schedules } = increments(function* (cpu, x) {
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
    });
    expect(looks).toEqual([1, 2]);
    expect(schedules).toBe(6);
  });

  it('is never lost where it is one step', () => {
    const { looks, schedules } = increments(function* (cpu, x) {
      yield* cpu.fetch_add(x, 1);
    });
    expect(looks).toEqual([2]);
    expect(schedules).toBe(2);
  });

  it('of a flag word by its owner cannot be lost in one step', () => {
    const { looks } = everySchedule((m) => {
      const flags = m.cell('flags', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.set_bits(flags, 1);
          },
          *b(cpu) {
            yield* cpu.set_bits(flags, 2);
          },
        },
        look: () => flags.peek(),
      };
    });
    expect(looks).toEqual([3]);
  });
});

describe('filling in a private object', () => {
  it('is no event: nobody can come in between', () => {
    const { looks, schedules, steps } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const y = m.cell('y', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.init(x, 1);
            yield* cpu.init(y, 1);
          },
          *b(cpu) {
            yield* cpu.read(x);
          },
        },
        look: () => [x.peek(), y.peek()],
      };
    });
    expect({ looks, schedules, steps }).toEqual({ looks: [[1, 1]], schedules: 1, steps: 1 });
  });
});

describe('a reference counter', () => {
  const misuse = (initial: number, use: (cpu: Cpu, count: Cell<number>) => Path): string[] => {
    const seen: string[] = [];
    executionOf((m) => {
      const count = m.refcount('count', initial);
      m.refcountMisused.listeners.push(({ counter, from, to }) => {
        seen.push(`${counter} ${String(from)} to ${String(to)}`);
      });
      return { actors: { a: (cpu) => use(cpu, count) } };
    }).run();
    return seen;
  };

  it('reports a rise from zero', () => {
    expect(
      misuse(0, function* (cpu, count) {
        yield* cpu.atomic_inc(count);
      }),
    ).toEqual(['count 0 to 1']);
  });

  it('reports a fall below zero, also by dec_and_test', () => {
    expect(
      misuse(0, function* (cpu, count) {
        yield* cpu.atomic_dec_and_test(count);
      }),
    ).toEqual(['count 0 to -1']);
  });

  it('reports nothing of counters that rise and fall above zero', () => {
    expect(
      misuse(1, function* (cpu, count) {
        yield* cpu.atomic_inc(count);
        yield* cpu.atomic_dec(count);
        yield* cpu.atomic_dec_and_test(count);
        yield* cpu.atomic_add_unless(count, 1, 0);
      }),
    ).toEqual([]);
  });

  it('reports nothing where the cell only holds a number', () => {
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        m.refcountMisused.listeners.push(() => {
          throw new Error('x is no reference counter');
        });
        return {
          actors: {
            *a(cpu) {
              yield* cpu.atomic_dec(x);
            },
          },
        };
      }),
    ).toBe(fine);
  });
});
