import { describe, expect, it } from 'vitest';
import type { Cpu, Path, RwsemPolicy, Rwsem } from '../../src/machine/index.js';
import { after, everySchedule, fine, sentenceOf, type Setup } from '../support/run.js';

type Section = (cpu: Cpu, sem: Rwsem) => Path;

const reading: Section = function* (cpu, sem) {
  yield* cpu.down_read(sem);
  yield* cpu.up_read(sem);
};
const writing: Section = function* (cpu, sem) {
  yield* cpu.down_write(sem);
  yield* cpu.up_write(sem);
};
const unfair: Section = function* (cpu, sem) {
  yield* cpu.down_read_unfair(sem);
  yield* cpu.up_read(sem);
};
const sectionOf = (name: string): Section =>
  name.startsWith('r') ? reading : name.startsWith('u') ? unfair : writing;

/** One thread per word: those that begin with r read, with u unfairly, the others write. */
function sections(names: string, policy: RwsemPolicy): Setup {
  return (m) => {
    const sem = m.rwsem('sem', policy);
    return {
      actors: Object.fromEntries(
        names.split(' ').map((name) => [name, (cpu: Cpu) => sectionOf(name)(cpu, sem)]),
      ),
    };
  };
}

const policies: readonly RwsemPolicy[] = ['fifo', 'stealing', 'reader-preferring'];

describe.each(policies)('an rwsem of policy %s', (policy) => {
  it('keeps a writer from everybody and lets readers in together, in all schedules', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const sem = m.rwsem('sem', policy);
      const readers = m.cell('readers', 0);
      const writers = m.cell('writers', 0);
      const together = m.cell('together', false);
      const reader = (take: (cpu: Cpu) => ReturnType<Cpu['down_read']>) =>
        function* (cpu: Cpu): Path {
          yield* take(cpu);
          yield* cpu.init(readers, readers.peek() + 1);
          if (readers.peek() === 2) yield* cpu.init(together, true);
          yield* cpu.BUG_ON(writers.peek() > 0, 'a writer is inside');
          yield* cpu.up_read(sem);
          yield* cpu.init(readers, readers.peek() - 1);
        };
      function* writer(cpu: Cpu): Path {
        yield* cpu.down_write(sem);
        yield* cpu.init(writers, writers.peek() + 1);
        yield* cpu.BUG_ON(writers.peek() + readers.peek() > 1, 'the writer is not alone');
        yield* cpu.init(writers, writers.peek() - 1);
        yield* cpu.up_write(sem);
      }
      return {
        actors: {
          r: reader((cpu) => cpu.down_read(sem)),
          u: reader((cpu) => cpu.down_read_unfair(sem)),
          w1: writer,
          w2: writer,
        },
        look: () => together.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });

  it('lets an unfair reader past a writer that waits, and to the head of the queue', () => {
    expect(after(sections('r w u', policy), 'r w u').runnable).toContain('u');
    const first = policy === 'stealing' ? 'w1' : 'u';
    expect(after(sections('w1 w2 u', policy), 'w1 w2 u w1').runnable[0]).toBe(first);
    expect(after(sections('w1 w2 u', policy), `w1 w2 u w1 ${first}`).runnable).toContain('u');
  });

  it('keeps a reader that tries and a writer that waits apart, in all schedules', () => {
    const { verdicts } = everySchedule((m) => {
      const sem = m.rwsem('sem', policy);
      const inside = m.cell('inside', 0);
      return {
        actors: {
          *tries(cpu) {
            yield* writing(cpu, sem);
            if (!(yield* cpu.down_read_trylock(sem))) return;
            yield* cpu.fetch_add(inside, 1);
            yield* cpu.fetch_add(inside, -1);
            yield* cpu.up_read(sem);
          },
          *waits(cpu) {
            yield* cpu.down_write(sem);
            yield* cpu.BUG_ON((yield* cpu.read(inside)) > 0, 'a reader is inside');
            yield* cpu.up_write(sem);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });

  it('fails a trylock where it is held', () => {
    const tried = (holds: 'read' | 'write'): readonly unknown[] =>
      everySchedule((m) => {
        const sem = m.rwsem('sem', policy);
        let seen: unknown[] = [];
        return {
          actors: {
            *holder(cpu) {
              seen = [];
              yield* (holds === 'read' ? reading : writing)(cpu, sem);
            },
            *tries(cpu) {
              const reads = yield* cpu.down_read_trylock(sem);
              if (reads) yield* cpu.up_read(sem);
              const writes = yield* cpu.down_write_trylock(sem);
              if (writes) yield* cpu.up_write(sem);
              seen.push(reads, writes);
            },
          },
          look: () => seen,
        };
      }).looks;
    expect(tried('read')).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(tried('write')).toEqual([
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ]);
  });

  it('lets the readers at the head in when its writer becomes a reader, but no writer', () => {
    const setup: Setup = (m) => {
      const sem = m.rwsem('sem', policy);
      return {
        actors: {
          *down(cpu) {
            yield* cpu.down_write(sem);
            yield* cpu.downgrade_write(sem);
            yield* cpu.up_read(sem);
          },
          r: (cpu) => reading(cpu, sem),
          w: (cpu) => writing(cpu, sem),
        },
      };
    };
    expect(after(setup, 'down r w').runnable).toEqual(['down']);
    expect(after(setup, 'down r w down').runnable).toEqual(['down', 'r']);
    expect(everySchedule(setup).verdicts).toEqual([fine]);
  });
});

describe('an rwsem that can be stolen', () => {
  it('goes past a writer of the queue to a writer that comes while it is free', () => {
    const queued = 'w1 w2 w1 w3';
    expect(after(sections('w1 w2 w3', 'stealing'), queued).runnable).toEqual(['w3']);
    expect(after(sections('w1 w2 w3', 'fifo'), queued).runnable).toEqual(['w2']);
  });

  it('goes past a reader of the queue only until that one is woken', () => {
    const steal = sections('w1 r w2', 'stealing');
    expect(after(steal, 'w1 r w1 w2').runnable).toEqual(['w1', 'w2']);
    expect(after(steal, 'w1 r w1 w2 w1').runnable).toEqual(['w2']);
    expect(after(steal, 'w1 r w1 w1 w2').runnable).toEqual(['r']);
  });

  it('leaves nobody behind when the thief gives it back, in all schedules', () => {
    expect(everySchedule(sections('w1 r w2', 'stealing')).verdicts).toEqual([fine]);
    expect(everySchedule(sections('w1 w2 r', 'stealing')).verdicts).toEqual([fine]);
  });

  it('gives no reader and no trylock past the queue', () => {
    expect(after(sections('w1 w2 r', 'stealing'), 'w1 w2 w1 r').runnable).toEqual(['w2']);
  });
});

describe('an rwsem that prefers readers', () => {
  it('lets a reader in past writers that wait, so that read sections may nest', () => {
    expect(after(sections('r1 w r2', 'reader-preferring'), 'r1 w r2').runnable).toEqual([
      'r1',
      'r2',
    ]);
  });
});

describe('a read section inside another one', () => {
  const nested = (policy: RwsemPolicy, inner: Section): readonly string[] =>
    everySchedule((m) => {
      const sem = m.rwsem('sem', policy);
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.down_read(sem);
            yield* inner(cpu, sem);
            yield* cpu.up_read(sem);
          },
          writer: (cpu) => writing(cpu, sem),
        },
      };
    }).verdicts;

  it('deadlocks where a writer waits in between, unless it is unfair or readers are preferred', () => {
    const deadlock =
      'reader waits for sem in down_read(), held by writer; writer waits for sem in down_write(), ' +
      'held by reader';
    expect(nested('fifo', reading)).toEqual([fine, deadlock]);
    expect(nested('stealing', reading)).toEqual([fine, deadlock]);
    expect(nested('reader-preferring', reading)).toEqual([fine]);
    expect(nested('fifo', unfair)).toEqual([fine]);
  });
});

describe('a read hold without an owner', () => {
  it('is given back by another thread, and keeps writers out until then', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const sem = m.rwsem('sem');
      const x = m.cell('x', 0);
      let seen: number[] = [];
      return {
        actors: {
          *main(cpu) {
            seen = [];
            yield* cpu.down_read_non_owner(sem);
            yield* cpu.spawn('giver', function* (other) {
              yield* other.write(x, 1);
              yield* other.up_read_non_owner(sem);
            });
            yield* cpu.down_write(sem);
            seen.push(yield* cpu.read(x));
            yield* cpu.up_write(sem);
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[1]] });
  });

  it('is not what up_read() gives back, nor is an owned one what up_read_non_owner() does (K-06)', () => {
    const mixed = (take: 'owned' | 'ownerless'): string =>
      sentenceOf((m) => {
        const sem = m.rwsem('sem');
        return {
          actors: {
            *a(cpu) {
              if (take === 'owned') {
                yield* cpu.down_read(sem);
                yield* cpu.up_read_non_owner(sem);
              } else {
                yield* cpu.down_read_non_owner(sem);
                yield* cpu.up_read(sem);
              }
            },
          },
        };
      });
    expect(mixed('owned')).toBe(
      'up_read_non_owner(sem): there is no read hold without an owner (thread a)',
    );
    expect(mixed('ownerless')).toBe('up_read(sem) by a non-owner: it has no read hold (thread a)');
  });
});
