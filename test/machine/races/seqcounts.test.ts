// What a sequence counter makes of plain accesses, and what a bit lock does to its word, in every schedule.
import { describe, expect, it } from 'vitest';
import type { Cell, Cpu, Machine, Path, Seqlock } from '../../../src/machine/index.js';
import { everySchedule, fine } from '../../support/run.js';

interface Shared {
  readonly lock: Seqlock;
  readonly x: Cell<number>;
}
type Steps = (cpu: Cpu, shared: Shared) => Path;

/** The verdicts of all schedules of a writer and a reader. */
function verdicts(writer: Steps, reader: Steps): string {
  return everySchedule(
    (m: Machine) => {
      const shared = { lock: m.seqlock('lock'), x: m.cell('x', 0) };
      return {
        actors: { writer: (cpu) => writer(cpu, shared), reader: (cpu) => reader(cpu, shared) },
      };
    },
    { dataRaces: true },
  ).verdicts.join('\n');
}

function* writes(cpu: Cpu, { lock, x }: Shared): Path {
  yield* cpu.write_seqlock(lock);
  yield* cpu.write(x, (yield* cpu.read(x)) + 1);
  yield* cpu.write_sequnlock(lock);
}

function* readsValidated(cpu: Cpu, { lock, x }: Shared): Path {
  for (;;) {
    const start = yield* cpu.read_seqbegin(lock);
    yield* cpu.read(x);
    if (!(yield* cpu.read_seqretry(lock, start))) return;
  }
}

const race = 'race on x';

describe('under a seqlock', () => {
  it('a reader that validates what it reads does not race with the writer', () => {
    expect(verdicts(writes, readsValidated)).toBe(fine);
  });

  it('two writers do not race', () => {
    expect(verdicts(writes, writes)).toBe(fine);
  });

  it('a reader that does not ask for the sequence races', () => {
    const reader: Steps = function* (cpu, { x }) {
      yield* cpu.read(x);
    };
    expect(verdicts(writes, reader)).toContain(race);
  });

  it('a read before the section begins, or after it was validated, races', () => {
    const before: Steps = function* (cpu, shared) {
      yield* cpu.read(shared.x);
      yield* readsValidated(cpu, shared);
    };
    const behind: Steps = function* (cpu, shared) {
      yield* readsValidated(cpu, shared);
      yield* cpu.read(shared.x);
    };
    expect(verdicts(writes, before)).toContain(race);
    expect(verdicts(writes, behind)).toContain(race);
  });

  it('a plain writer that does not change the sequence races with a reader that validates', () => {
    const writer: Steps = function* (cpu, { x }) {
      yield* cpu.write(x, 1);
    };
    expect(verdicts(writer, readsValidated)).toContain(race);
  });

  it('a later write of the writer does not hide an earlier one that changed no sequence', () => {
    const writer: Steps = function* (cpu, shared) {
      yield* cpu.write(shared.x, 1);
      yield* writes(cpu, shared);
    };
    // Where both are over before the reader begins, it comes after both.
    const section = 'by reader, holding lock (read section), ';
    expect(verdicts(writer, readsValidated).split('\n')).toEqual([
      fine,
      expect.stringMatching(`^the marked read of 0 ${section.replace(/[()]/g, '.')}and the plain`),
      expect.stringContaining(
        `the plain write of 1 by writer, holding no lock, and the marked read of 1 ${section}`,
      ),
      expect.stringContaining(
        `the plain write of 1 by writer, holding no lock, and the marked read of 2 ${section}`,
      ),
    ]);
  });

  it('a read that was validated comes after what the writer did before its section', () => {
    const publishes: Steps = function* (cpu, { lock, x }) {
      yield* cpu.write(x, 1);
      yield* cpu.write_seqlock(lock);
      yield* cpu.write_sequnlock(lock);
    };
    const reads: Steps = function* (cpu, { lock, x }) {
      const start = yield* cpu.read_seqbegin(lock);
      yield* cpu.read_seqretry(lock, start);
      if (start === 2) yield* cpu.read(x);
    };
    expect(verdicts(publishes, reads)).toBe(fine);
  });
});

it('a bare seqcount keeps no other writer out', () => {
  const { verdicts: found } = everySchedule(
    (m) => {
      const [seqcount, x] = [m.seqcount('seqcount'), m.cell('x', 0)];
      function* writing(cpu: Cpu): Path {
        yield* cpu.preempt_disable();
        yield* cpu.write_seqcount_begin(seqcount);
        yield* cpu.write(x, 1);
        yield* cpu.write_seqcount_end(seqcount);
        yield* cpu.preempt_enable();
      }
      return { actors: { a: writing, b: writing } };
    },
    { dataRaces: true },
  );
  expect(found).not.toContain(fine);
  expect(found.join('\n')).toContain(
    'seqcount keeps nobody out: those who write under it need a lock',
  );
});

describe('the word of a bit lock', () => {
  const word = (other: (cpu: Cpu, flags: Cell<number>) => Path): string =>
    everySchedule(
      (m) => {
        const flags = m.cell('flags', 0);
        const lock = m.bit_spinlock(flags, 0);
        return {
          actors: {
            *holder(cpu) {
              yield* cpu.bit_spin_lock(lock);
              yield* cpu.bit_spin_unlock(lock);
            },
            other: (cpu) => other(cpu, flags),
          },
        };
      },
      { dataRaces: true },
    ).verdicts.join('\n');

  it('is changed by marked accesses: a plain read of it races, and a marked one does not', () => {
    expect(
      word(function* (cpu, flags) {
        yield* cpu.read(flags);
      }),
    ).toContain('the marked update with bit_spin_lock() by holder');
    expect(
      word(function* (cpu, flags) {
        yield* cpu.READ_ONCE(flags);
        yield* cpu.set_bit(flags, 2);
      }),
    ).toBe(fine);
  });

  it('orders what its holders do', () => {
    const found = everySchedule(
      (m) => {
        const [lock, x] = [m.bit_spinlock(m.cell('flags', 0), 0), m.cell('x', 0)];
        function* add(cpu: Cpu): Path {
          if (!(yield* cpu.bit_spin_trylock(lock))) yield* cpu.bit_spin_lock(lock);
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.bit_spin_unlock(lock);
        }
        return { actors: { a: add, b: add }, look: () => x.peek() };
      },
      { dataRaces: true },
    );
    expect({ ...found, schedules: 0, steps: 0 }).toEqual({
      verdicts: [fine],
      looks: [2],
      schedules: 0,
      steps: 0,
    });
  });
});
