import { describe, expect, it } from 'vitest';
import type { Cpu, Memory, Path, Rwlock } from '../../src/machine/index.js';
import type { Body } from '../support/program.js';
import { after, everySchedule, fine, sentenceOf, type Setup } from '../support/run.js';

function* reading(cpu: Cpu, lock: Rwlock): Path {
  yield* cpu.read_lock(lock);
  yield* cpu.read_unlock(lock);
}
function* writing(cpu: Cpu, lock: Rwlock): Path {
  yield* cpu.write_lock(lock);
  yield* cpu.write_unlock(lock);
}

/** One thread per word: those that begin with r read, those with i in an interrupt of CPU 7, the others write. */
function sections(names: string): Setup {
  return (m) => {
    const lock = m.rwlock('lock', 'queued');
    const body = (name: string): Body => {
      if (name.startsWith('i')) {
        const path = (cpu: Cpu): Path => reading(cpu, lock);
        return { path, cpu: 7, interrupt: { kind: 'hardirq', times: 1 } };
      }
      return (cpu) => (name.startsWith('r') ? reading(cpu, lock) : writing(cpu, lock));
    };
    return { actors: Object.fromEntries(names.split(' ').map((name) => [name, body(name)])) };
  };
}

describe('a queued rwlock', () => {
  it('keeps a writer from everybody and lets readers in together, in all schedules', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.rwlock('lock', 'queued');
      const readers = m.cell('readers', 0);
      const writers = m.cell('writers', 0);
      const together = m.cell('together', false);
      function* reader(cpu: Cpu): Path {
        yield* cpu.read_lock(lock);
        yield* cpu.init(readers, readers.peek() + 1);
        if (readers.peek() === 2) yield* cpu.init(together, true);
        yield* cpu.BUG_ON(writers.peek() > 0, 'a writer is inside');
        yield* cpu.read_unlock(lock);
        yield* cpu.init(readers, readers.peek() - 1);
      }
      function* writer(cpu: Cpu): Path {
        yield* cpu.write_lock(lock);
        yield* cpu.init(writers, writers.peek() + 1);
        yield* cpu.BUG_ON(writers.peek() + readers.peek() > 1, 'the writer is not alone');
        yield* cpu.init(writers, writers.peek() - 1);
        yield* cpu.write_unlock(lock);
      }
      return {
        actors: { r1: reader, r2: reader, w1: writer, w2: writer },
        look: () => together.peek(),
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [false, true] });
  });

  it('lets a reader wait behind a waiting writer, and the writer first', () => {
    expect(after(sections('r1 w r2'), 'r1 w r2').runnable).toEqual(['r1']);
    expect(after(sections('r1 w r2'), 'r1 w r2 r1').runnable).toEqual(['w']);
    expect(after(sections('r1 w r2'), 'r1 w r2 r1 w w').runnable).toEqual(['r2']);
  });

  it('lets a newcomer pass a reader that is next, but no writer behind that one', () => {
    // w2 queues behind r1, so it keeps nobody out until r1 is in.
    expect(after(sections('w r1 w2 r2'), 'w r1 w2 w r2 r2 r1').runnable).toEqual(['r1', 'w2']);
    expect(after(sections('w r1 w2 r2'), 'w r1 w2 w r1 w2 r2').runnable).toEqual(['r1']);
  });

  it('lets no newcomer write past a reader that is next', () => {
    expect(after(sections('w r1 w2'), 'w r1 w w2').runnable).toEqual(['r1']);
  });

  it('admits writers in the order in which they queued', () => {
    expect(after(sections('w1 w2 w3'), 'w1 w3 w2 w1').runnable).toEqual(['w3']);
    expect(after(sections('w1 w2 w3'), 'w1 w3 w2 w1 w3 w3').runnable).toEqual(['w2']);
  });

  it('lets a reader in an interrupt past a writer that waits, but not past one that is in', () => {
    expect(after(sections('r w i'), 'r w i i').runnable).toEqual(['i', 'r']);
    expect(after(sections('w i'), 'w i').runnable).toEqual(['w']);
    expect(everySchedule(sections('r w i')).verdicts).toEqual([fine]);
  });

  it('counts a reader that switched softirqs off as one in an interrupt', () => {
    const setup: Setup = (m) => {
      const lock = m.rwlock('lock', 'queued');
      return {
        actors: {
          r: (cpu) => reading(cpu, lock),
          w: (cpu) => writing(cpu, lock),
          *bh(cpu) {
            yield* cpu.read_lock_bh(lock);
            yield* cpu.read_unlock_bh(lock);
          },
        },
      };
    };
    expect(after(setup, 'r w bh').runnable).toEqual(['bh', 'r']);
  });

  it('deadlocks on a nested read section when a writer waits in between (K-03)', () => {
    const nested =
      (withWriter: boolean, policy: 'queued' | 'reader-preferring' = 'queued'): Setup =>
      (m) => {
        const lock = m.rwlock('lock', policy);
        return {
          actors: {
            *reader(cpu) {
              yield* cpu.read_lock(lock);
              yield* reading(cpu, lock);
              yield* cpu.read_unlock(lock);
            },
            ...(withWriter ? { writer: (cpu: Cpu) => writing(cpu, lock) } : {}),
          },
        };
      };
    expect(everySchedule(nested(false)).verdicts).toEqual([fine]);
    expect(everySchedule(nested(true, 'reader-preferring')).verdicts).toEqual([fine]);
    expect(everySchedule(nested(true)).verdicts).toEqual([
      fine,
      'reader waits for lock in read_lock(), held by writer; writer waits for lock in write_lock(), ' +
        'held by reader',
    ]);
  });

  it('may be read again in an interrupt of the reader, but not written', () => {
    const interrupted = (write: boolean): readonly string[] =>
      everySchedule((m) => {
        const lock = m.rwlock('lock', 'queued');
        return {
          actors: {
            reader: { path: (cpu) => reading(cpu, lock), cpu: 0 },
            writer: { path: (cpu) => writing(cpu, lock), cpu: 1 },
            irq: {
              path: (cpu) => (write ? writing(cpu, lock) : reading(cpu, lock)),
              cpu: 0,
              interrupt: { kind: 'hardirq', times: 1 },
            },
          },
        };
      }).verdicts;
    expect(interrupted(false)).toEqual([fine]);
    expect(interrupted(true).filter((verdict) => verdict.includes('irq waits'))).not.toEqual([]);
  });

  it('keeps its CPU to whoever spins in the queue', () => {
    const setup: Setup = (m) => {
      const lock = m.rwlock('lock', 'queued');
      const x = m.cell('x', 0);
      return {
        actors: {
          holder: { path: (cpu) => writing(cpu, lock), cpu: 1 },
          spinner: { path: (cpu) => writing(cpu, lock), cpu: 0 },
          *other(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(after(setup, 'holder', { cpus: 1 }).runnable).toEqual(['holder', 'other', 'spinner']);
    expect(after(setup, 'holder spinner', { cpus: 1 }).runnable).toEqual(['holder']);
  });

  it('fails a trylock where somebody waits to write', () => {
    const tried = (order: string): string =>
      after((m) => {
        const lock = m.rwlock('lock', 'queued');
        return {
          actors: {
            r: (cpu) => reading(cpu, lock),
            w: (cpu) => writing(cpu, lock),
            *t(cpu) {
              const taken = yield* cpu.read_trylock(lock);
              yield* cpu.BUG_ON(true, String(taken));
            },
          },
        };
      }, order).verdict;
    expect(tried('r t')).toContain('true');
    expect(tried('r w t')).toContain('false');
  });

  it('is what the profile says, unless its maker says otherwise', () => {
    const setup = (policy?: 'queued' | 'reader-preferring'): Setup => {
      return (m) => {
        const lock = m.rwlock('lock', policy);
        return {
          actors: {
            r1: (cpu) => reading(cpu, lock),
            w: (cpu) => writing(cpu, lock),
            r2: (cpu) => reading(cpu, lock),
          },
        };
      };
    };
    const queued = { rwlock: 'queued' } as const;
    expect(after(setup(), 'r1 w r2', queued).runnable).toEqual(['r1']);
    expect(after(setup('reader-preferring'), 'r1 r2', queued).runnable).toEqual(['r1', 'r2']);
    expect(after(setup('queued'), 'r1 w r2').runnable).toEqual(['r1']);
  });

  it('is a use after free where its object was freed', () => {
    class Thing {
      readonly memory: Memory;
      readonly lock: Rwlock;
      constructor(memory: Memory) {
        this.memory = memory;
        this.lock = memory.rwlock('lock', 'queued');
      }
    }
    expect(
      sentenceOf((m) => {
        const thing = m.object(Thing, 'thing');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.kfree(thing);
              yield* cpu.write_lock(thing.lock);
            },
          },
        };
      }),
    ).toBe('use after free: write_lock() on thing.lock.holder (thread a)');
  });
});
