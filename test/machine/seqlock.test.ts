import { describe, expect, it } from 'vitest';
import type { Cpu, Path } from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf, type Setup } from '../support/run.js';

/** A writer keeps two cells equal; a reader reads both, and again where it must. */
const pair =
  (retries: boolean): Setup =>
  (m) => {
    const lock = m.seqlock('lock');
    const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
    let seen: number[] = [];
    return {
      actors: {
        *writer(cpu) {
          yield* cpu.write_seqlock(lock);
          yield* cpu.write(x, 1);
          yield* cpu.write(y, 1);
          yield* cpu.write_sequnlock(lock);
        },
        *reader(cpu) {
          for (;;) {
            const start = yield* cpu.read_seqbegin(lock);
            seen = [yield* cpu.read(x), yield* cpu.read(y)];
            const again = yield* cpu.read_seqretry(lock, start);
            if (!again || !retries) return;
          }
        },
      },
      look: () => seen,
    };
  };

describe('a seqlock', () => {
  it('gives a reader that reads again one state of the writer, in all schedules', () => {
    const { verdicts, looks } = everySchedule(pair(true));
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [0, 0],
        [1, 1],
      ],
    });
  });

  it('gives one that does not read again a mixture of two', () => {
    expect(everySchedule(pair(false)).looks).toContainEqual([0, 1]);
  });

  it('excludes writers in every form', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.seqlock('lock');
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            const flags = yield* cpu.write_seqlock_irqsave(lock);
            yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            yield* cpu.write_sequnlock_irqrestore(lock, flags);
          },
          *b(cpu) {
            yield* cpu.write_seqlock_bh(lock);
            yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            yield* cpu.write_sequnlock_bh(lock);
            yield* cpu.write_seqlock_irq(lock);
            yield* cpu.write_sequnlock_irq(lock);
          },
        },
        look: () => x.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [2] });
  });

  it('is never free for who reads it in an interrupt of its writer (K-10)', () => {
    const interrupted = (masks: boolean): readonly string[] =>
      everySchedule((m) => {
        const lock = m.seqlock('lock');
        return {
          actors: {
            *writer(cpu: Cpu): Path {
              if (masks) {
                yield* cpu.write_seqlock_irq(lock);
                yield* cpu.write_sequnlock_irq(lock);
              } else {
                yield* cpu.write_seqlock(lock);
                yield* cpu.write_sequnlock(lock);
              }
            },
            irq: {
              *path(cpu: Cpu): Path {
                const start = yield* cpu.read_seqbegin(lock);
                yield* cpu.read_seqretry(lock, start);
              },
              cpu: 0,
              interrupt: { kind: 'hardirq', times: 1 },
            },
          },
        };
      }).verdicts;
    expect(interrupted(true)).toEqual([fine]);
    expect(interrupted(false)).toEqual([
      'irq waits for lock in read_seqbegin(), held by writer; writer waits for CPU0 in ' +
        'write_sequnlock(), held by irq',
      fine,
    ]);
  });

  it('may not be left without having validated what was read (K-10), in each execution', () => {
    const execution = executionOf((m) => {
      const lock = m.seqlock('lock');
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.read_seqbegin(lock);
          },
        },
      };
    });
    const verdict = {
      kind: 'lock rule',
      rule: 'K-10',
      message: 'reader ends without having validated what it read under lock',
    };
    expect([execution.run(), execution.run()]).toEqual([verdict, verdict]);
  });
});

describe('a seqcount', () => {
  const written = (path: (cpu: Cpu, begin: () => Path) => Path): string =>
    sentenceOf((m) => {
      const seqcount = m.seqcount('seqcount');
      return {
        actors: {
          a: (cpu) =>
            path(cpu, function* () {
              yield* cpu.write_seqcount_begin(seqcount);
              yield* cpu.write_seqcount_end(seqcount);
            }),
        },
      };
    });

  it('must be written with preemption off (K-10)', () => {
    expect(
      written(function* (cpu, write) {
        yield* cpu.preempt_disable();
        yield* write();
        yield* cpu.preempt_enable();
      }),
    ).toBe(fine);
    expect(written((_, write) => write())).toBe(
      'a writes seqcount with preemption on: a reader on its CPU could wait for ever (K-10)',
    );
  });

  it('must have one writer at a time', () => {
    const { verdicts } = everySchedule((m) => {
      const seqcount = m.seqcount('seqcount');
      function* writing(cpu: Cpu): Path {
        yield* cpu.preempt_disable();
        yield* cpu.write_seqcount_begin(seqcount);
        yield* cpu.write_seqcount_end(seqcount);
        yield* cpu.preempt_enable();
      }
      return { actors: { a: writing, b: writing } };
    });
    expect(verdicts).toContain(
      'write_seqcount_begin(seqcount) while another writer is in (K-10) (thread a)',
    );
    expect(verdicts).toContain(fine);
  });

  it('tells a reader that a writer came in between', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const seqcount = m.seqcount('seqcount');
      let again: boolean | undefined;
      return {
        actors: {
          *writer(cpu) {
            yield* cpu.preempt_disable();
            yield* cpu.write_seqcount_begin(seqcount);
            yield* cpu.write_seqcount_end(seqcount);
            yield* cpu.preempt_enable();
          },
          *reader(cpu) {
            const start = yield* cpu.read_seqcount_begin(seqcount);
            again = yield* cpu.read_seqcount_retry(seqcount, start);
          },
        },
        look: () => again,
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });
});
