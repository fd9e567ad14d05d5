// Under TSO the stores of a sequence counter and of __bit_spin_unlock() are plain ones, and locks are locked operations.
import { describe, expect, it } from 'vitest';
import type { BitLock, Cell, Cpu, Machine, Path } from '../../../src/machine/index.js';
import { after, everySchedule, fine, type Setup } from '../../support/run.js';

const tso = { memory: 'tso' } as const;

/** A writer keeps two cells equal, twice; a reader reads both until it has them valid. */
const pair =
  (write: (cpu: Cpu, body: () => Path) => Path): Setup =>
  (m) => {
    const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
    const lock = m.seqlock('lock');
    let seen: number[] = [];
    return {
      actors: {
        writer: (cpu) =>
          write(cpu, function* () {
            yield* cpu.write_seqlock(lock);
            yield* cpu.write(x, 1);
            yield* cpu.write(y, 1);
            yield* cpu.write_sequnlock(lock);
          }),
        *reader(cpu) {
          let start;
          do {
            start = yield* cpu.read_seqbegin(lock);
            seen = [yield* cpu.read(x), yield* cpu.read(y)];
          } while (yield* cpu.read_seqretry(lock, start));
        },
      },
      look: () => seen,
    };
  };

const once = (_: Cpu, body: () => Path): Path => body();

describe('a seqlock under TSO', () => {
  it('gives a reader one state of the writer, in all schedules', () => {
    const { verdicts, looks } = everySchedule(pair(once), tso);
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [0, 0],
        [1, 1],
      ],
    });
  });

  it('lets a reader begin until the odd sequence is visible, and keeps it out until the even one is', () => {
    expect(after(pair(once), 'writer', tso).runnable).toContain('reader');
    expect(after(pair(once), 'writer CPU0/stores', tso).runnable).not.toContain('reader');
    const released = 'writer CPU0/stores writer writer writer';
    expect(after(pair(once), released, tso).runnable).not.toContain('reader');
    const visible = `${released} CPU0/stores CPU0/stores CPU0/stores`;
    expect(after(pair(once), visible, tso).runnable).toContain('reader');
  });

  it('is free for the next writer once the store that gives it up is visible', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const [lock, x] = [m.seqlock('lock'), m.cell('x', 0)];
      function* add(cpu: Cpu): Path {
        yield* cpu.write_seqlock(lock);
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        yield* cpu.write_sequnlock(lock);
      }
      return { actors: { a: add, b: add }, look: () => [x.peek(), lock.sequence.peek()] };
    }, tso);
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[2, 4]] });
  });

  it('is given up by a store that later loads overtake', () => {
    const [setup, seen] = sections();
    const both = 'a a a b b b';
    // Both sections are over, and nothing of them is visible yet.
    after(setup, `${both} a b`, tso);
    expect(seen).toEqual([0, 0]);
  });
});

/** Two threads write a cell, each under a seqlock of its own, and then read the other's. */
function sections(): readonly [Setup, number[]] {
  const seen = [-1, -1];
  const setup: Setup = (m) => {
    const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
    const side = (n: number, mine: Cell<number>, other: Cell<number>) => {
      const lock = m.seqlock(`lock${String(n)}`);
      return function* (cpu: Cpu): Path {
        yield* cpu.write_seqlock(lock);
        yield* cpu.write(mine, 1);
        yield* cpu.write_sequnlock(lock);
        seen[n] = yield* cpu.read(other);
      };
    };
    return { actors: { a: side(0, x, y), b: side(1, y, x) } };
  };
  return [setup, seen];
}

it('a seqcount is written by plain stores that the buffer keeps in order', () => {
  const { verdicts, looks } = everySchedule((m) => {
    const [seqcount, x] = [m.seqcount('seqcount'), m.cell('x', 0)];
    let seen: unknown;
    return {
      actors: {
        *writer(cpu) {
          yield* cpu.preempt_disable();
          yield* cpu.write_seqcount_begin(seqcount);
          yield* cpu.write(x, 1);
          yield* cpu.write_seqcount_end(seqcount);
          yield* cpu.preempt_enable();
        },
        *reader(cpu) {
          const start = yield* cpu.read_seqcount_begin(seqcount);
          const value = yield* cpu.read(x);
          const again = yield* cpu.read_seqcount_retry(seqcount, start);
          seen = again ? 'again' : [start, value];
        },
      },
      look: () => seen,
    };
  }, tso);
  // With sequence 0 still there at the end, the writer's store cannot have been seen; with 2 it must be.
  expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: ['again', [0, 0], [2, 1]] });
});

describe('a bit lock under TSO', () => {
  const adding =
    (unlock: (cpu: Cpu, lock: BitLock) => Path): Setup =>
    (m: Machine) => {
      const flags = m.cell('flags', 4);
      const [lock, x] = [m.bit_spinlock(flags, 0), m.cell('x', 0)];
      function* add(cpu: Cpu): Path {
        yield* cpu.bit_spin_lock(lock);
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        yield* unlock(cpu, lock);
      }
      return { actors: { a: add, b: add }, look: () => [x.peek(), flags.peek()] };
    };
  const locked = adding(function* (cpu, lock) {
    yield* cpu.bit_spin_unlock(lock);
  });
  const plain = adding(function* (cpu, lock) {
    yield* cpu.__bit_spin_unlock(lock);
  });

  it.each([
    ['bit_spin_unlock', locked],
    ['__bit_spin_unlock', plain],
  ] as const)('excludes in all schedules when it is given up by %s()', (_, setup) => {
    const { verdicts, looks } = everySchedule(setup, tso);
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[2, 4]] });
  });

  it('is unlocked by a locked operation, which waits for the own stores, or by a plain store', () => {
    expect(after(locked, 'a a a', tso).runnable).not.toContain('a');
    const { runnable, machine } = after(plain, 'a a a a', tso);
    expect(machine.stateLines()).toContain('flags=5');
    expect(runnable).not.toContain('b');
    expect(after(plain, 'a a a a CPU0/stores CPU0/stores', tso).runnable).toContain('b');
  });
});
