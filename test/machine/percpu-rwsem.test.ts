import { describe, expect, it } from 'vitest';
import type { Cpu, Path, PercpuRwsem } from '../../src/machine/index.js';
import { after, everySchedule, fine, sentenceOf, type Setup } from '../support/run.js';

function* reading(cpu: Cpu, sem: PercpuRwsem): Path {
  yield* cpu.percpu_down_read(sem);
  yield* cpu.percpu_up_read(sem);
}
function* writing(cpu: Cpu, sem: PercpuRwsem): Path {
  yield* cpu.percpu_down_write(sem);
  yield* cpu.percpu_up_write(sem);
}

/** One thread per word: those that begin with r read, the others write. */
function sections(names: string): Setup {
  return (m) => {
    const sem = m.percpu_rwsem('sem');
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

describe('a percpu rwsem', () => {
  it('keeps a writer from everybody and lets readers in together, in all schedules', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const sem = m.percpu_rwsem('sem');
      const readers = m.cell('readers', 0);
      const writers = m.cell('writers', 0);
      const together = m.cell('together', false);
      function* reader(cpu: Cpu): Path {
        yield* cpu.percpu_down_read(sem);
        yield* cpu.init(readers, readers.peek() + 1);
        if (readers.peek() === 2) yield* cpu.init(together, true);
        yield* cpu.BUG_ON(writers.peek() > 0, 'a writer is inside');
        yield* cpu.percpu_up_read(sem);
        yield* cpu.init(readers, readers.peek() - 1);
      }
      function* writer(cpu: Cpu): Path {
        yield* cpu.percpu_down_write(sem);
        yield* cpu.init(writers, writers.peek() + 1);
        yield* cpu.BUG_ON(writers.peek() + readers.peek() > 1, 'the writer is not alone');
        yield* cpu.init(writers, writers.peek() - 1);
        yield* cpu.percpu_up_write(sem);
      }
      return {
        actors: { r1: reader, r2: reader, w1: writer, w2: writer },
        look: () => together.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });

  it('lets the readers that are in finish, and no new one in, once a writer has announced itself', () => {
    expect(after(sections('r1 w r2'), 'r1').runnable).toEqual(['r1', 'r2', 'w']);
    expect(after(sections('r1 w r2'), 'r1 w').runnable).toEqual(['r1']);
    expect(after(sections('r1 w r2'), 'r1 w r1').runnable).toEqual(['w']);
    expect(after(sections('r1 w r2'), 'r1 w r1 w').runnable).toEqual(['w']);
    expect(after(sections('r1 w r2'), 'r1 w r1 w w').runnable).toEqual(['r2']);
  });

  it('goes to any of those who were kept out', () => {
    expect(after(sections('w1 w2 r'), 'w1 w1').runnable).toEqual(['r', 'w2']);
  });

  it('deadlocks on a nested read section when a writer announces itself in between (K-03)', () => {
    const nested = (withWriter: boolean): readonly string[] =>
      everySchedule((m) => {
        const sem = m.percpu_rwsem('sem');
        return {
          actors: {
            *reader(cpu) {
              yield* cpu.percpu_down_read(sem);
              yield* reading(cpu, sem);
              yield* cpu.percpu_up_read(sem);
            },
            ...(withWriter ? { writer: (cpu: Cpu) => writing(cpu, sem) } : {}),
          },
        };
      }).verdicts;
    expect(nested(false)).toEqual([fine]);
    expect(nested(true)).toEqual([
      fine,
      'writer waits for sem in percpu_down_write(), held by reader; reader waits for sem in ' +
        'percpu_down_read(), held by writer',
    ]);
  });

  it('takes a trylock for reading wherever no writer has announced itself', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const sem = m.percpu_rwsem('sem');
      let taken: unknown;
      return {
        actors: {
          w: (cpu) => writing(cpu, sem),
          *t(cpu) {
            taken = yield* cpu.percpu_down_read_trylock(sem);
            if (taken === true) yield* cpu.percpu_up_read(sem);
          },
        },
        look: () => taken,
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });

  it('is given back for writing by its owner only, and may not be taken in atomic context', () => {
    const alone = (path: (cpu: Cpu, sem: PercpuRwsem) => Path): string =>
      sentenceOf((m) => {
        const sem = m.percpu_rwsem('sem');
        return { actors: { a: (cpu) => path(cpu, sem) } };
      });
    expect(
      alone(function* (cpu, sem) {
        yield* cpu.percpu_up_write(sem);
      }),
    ).toBe('percpu_up_write(sem) by a non-owner: nobody holds it (thread a)');
    expect(
      alone(function* (cpu, sem) {
        yield* cpu.percpu_up_read(sem);
      }),
    ).toBe('percpu_up_read(sem) by a non-owner: it has no read hold (thread a)');
    expect(
      alone(function* (cpu, sem) {
        yield* cpu.preempt_disable();
        yield* cpu.percpu_down_read(sem);
      }),
    ).toBe('sleeping function percpu_down_read() called from invalid context (thread a)');
  });

  it('leaves nothing behind for the next execution', () => {
    const setup = sections('r1 w r2');
    expect(everySchedule(setup)).toEqual(everySchedule(setup));
  });
});
