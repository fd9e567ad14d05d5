import { describe, expect, it } from 'vitest';
import type { Cpu, Path, Rwsem } from '../../src/machine/index.js';
import type { Cast } from '../support/program.js';
import { after, everySchedule, fine, goingOn, sentenceOf, type Setup } from '../support/run.js';

type Section = (cpu: Cpu, sem: Rwsem) => Path;

const reading: Section = function* (cpu, sem) {
  yield* cpu.down_read(sem);
  yield* cpu.up_read(sem);
};
const writing: Section = function* (cpu, sem) {
  yield* cpu.down_write(sem);
  yield* cpu.up_write(sem);
};

/** One thread per word: those that begin with r read, the others write. */
function sections(names: string): Setup {
  return (m): Cast => {
    const sem = m.rwsem('sem');
    return {
      actors: Object.fromEntries(
        names
          .split(' ')
          .map((name) => [
            name,
            (cpu: Cpu) => (name.startsWith('r') ? reading(cpu, sem) : writing(cpu, sem)),
          ]),
      ),
    };
  };
}

describe('an rwsem', () => {
  it('keeps a writer from everybody and lets readers in together, in all schedules', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const sem = m.rwsem('sem');
      const readers = m.cell('readers', 0);
      const writers = m.cell('writers', 0);
      const together = m.cell('together', false);
      function* reader(cpu: Cpu): Path {
        yield* cpu.down_read(sem);
        yield* cpu.init(readers, readers.peek() + 1);
        if (readers.peek() === 2) yield* cpu.init(together, true);
        yield* cpu.BUG_ON(writers.peek() > 0, 'a writer is inside');
        yield* cpu.up_read(sem);
        yield* cpu.init(readers, readers.peek() - 1);
      }
      function* writer(cpu: Cpu): Path {
        yield* cpu.down_write(sem);
        yield* cpu.init(writers, writers.peek() + 1);
        yield* cpu.BUG_ON(writers.peek() + readers.peek() > 1, 'the writer is not alone');
        yield* cpu.init(writers, writers.peek() - 1);
        yield* cpu.up_write(sem);
      }
      return {
        actors: { r1: reader, r2: reader, w1: writer, w2: writer },
        look: () => together.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });

  it('is granted in one event where nobody is in the way, and after a queueing event otherwise', () => {
    const steps = (names: string): number => everySchedule(sections(names)).steps;
    expect([steps('r1'), steps('w1'), steps('r1 r2'), steps('w1 w2')]).toEqual([2, 2, 4, 5]);
  });

  it('lets a reader in beside another one', () => {
    expect(after(sections('r1 r2'), 'r1 r2').runnable).toEqual(['r1', 'r2']);
  });

  it('lets a reader that comes behind a queued writer wait', () => {
    expect(after(sections('r1 w r2'), 'r1 w r2').runnable).toEqual(['r1']);
  });

  it('admits the queued writer before the reader behind it', () => {
    const queued = 'r1 w r2 r1';
    expect(after(sections('r1 w r2'), queued).runnable).toEqual(['w']);
    expect(after(sections('r1 w r2'), `${queued} w w`).runnable).toEqual(['r2']);
  });

  it('admits leading readers together', () => {
    expect(after(sections('w r1 r2'), 'w r1 r2 w').runnable).toEqual(['r1', 'r2']);
  });

  it('admits no reader behind a writer together with those before it', () => {
    const queued = 'w r1 w2 r2 w';
    expect(after(sections('w r1 w2 r2'), queued).runnable).toEqual(['r1']);
    expect(after(sections('w r1 w2 r2'), `${queued} r1 r1`).runnable).toEqual(['w2']);
  });

  it('admits writers in the order in which they came', () => {
    expect(after(sections('w1 w2 w3'), 'w1 w3 w2 w1').runnable).toEqual(['w3']);
    expect(after(sections('w1 w2 w3'), 'w1 w3 w2 w1 w3 w3').runnable).toEqual(['w2']);
  });

  it('is not handed past somebody whose turn it is but who has not gone on yet', () => {
    expect(after(sections('w r1 w2'), 'w r1 w w2').runnable).toEqual(['r1']);
    expect(after(sections('w w2 w3'), 'w w2 w w3').runnable).toEqual(['w2']);
  });

  it('admits a writer only after the last reader has left', () => {
    expect(after(sections('r1 r2 w'), 'r1 r2 w r1').runnable).toEqual(['r2']);
    expect(after(sections('r1 r2 w'), 'r1 r2 w r1 r2').runnable).toEqual(['w']);
  });

  it('may be read recursively, unless a writer queues in between: that deadlocks', () => {
    const setup =
      (withWriter: boolean): Setup =>
      (m) => {
        const sem = m.rwsem('sem');
        return {
          actors: {
            *reader(cpu) {
              yield* cpu.down_read(sem);
              yield* reading(cpu, sem);
              yield* cpu.up_read(sem);
            },
            ...(withWriter ? { writer: (cpu: Cpu) => writing(cpu, sem) } : {}),
          },
        };
      };
    expect(everySchedule(setup(false)).verdicts).toEqual([fine]);
    expect(everySchedule(setup(true)).verdicts).toEqual([
      fine,
      'reader waits for sem in down_read(), held by writer; writer waits for sem in down_write(), held by reader',
    ]);
  });

  it.each<readonly [string, Section]>([
    [
      'down_write',
      function* (cpu, sem) {
        yield* cpu.down_write(sem);
        yield* cpu.down_write(sem);
      },
    ],
    [
      'down_write',
      function* (cpu, sem) {
        yield* cpu.down_read(sem);
        yield* cpu.down_write(sem);
      },
    ],
    [
      'down_read',
      function* (cpu, sem) {
        yield* cpu.down_write(sem);
        yield* cpu.down_read(sem);
      },
    ],
  ])('deadlocks who has it and asks for more: %s', (name, body) => {
    expect(
      goingOn((m) => {
        const sem = m.rwsem('sem');
        return { actors: { a: (cpu) => body(cpu, sem) } };
      }),
    ).toMatchObject({
      kind: 'deadlock',
      cycle: [{ thread: 'a', operation: name, waitsFor: 'sem', heldBy: 'a' }],
    });
  });

  it('is given up only by who has it, in that mode', () => {
    const sentence = (body: Section): string =>
      sentenceOf((m) => {
        const sem = m.rwsem('sem');
        return { actors: { a: (cpu) => body(cpu, sem) } };
      });
    expect(
      sentence(function* (cpu, sem) {
        yield* cpu.down_write(sem);
        yield* cpu.up_read(sem);
      }),
    ).toBe('up_read(sem) by a non-owner: it has no read hold (thread a)');
    expect(
      sentence(function* (cpu, sem) {
        yield* cpu.down_read(sem);
        yield* cpu.up_write(sem);
      }),
    ).toBe('up_write(sem) by a non-owner: nobody holds it (thread a)');
  });

  it('does not make its holder atomic', () => {
    expect(
      sentenceOf((m) => {
        const [sem, mutex] = [m.rwsem('sem'), m.mutex('mutex')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.down_write(sem);
              yield* cpu.mutex_lock(mutex);
              yield* cpu.mutex_unlock(mutex);
              yield* cpu.up_write(sem);
            },
          },
        };
      }),
    ).toBe(fine);
  });
});
