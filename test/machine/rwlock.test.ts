import { describe, expect, it } from 'vitest';
import type { Cpu, Path, Rwlock, Step } from '../../src/machine/index.js';
import { everySchedule, fine, sentenceOf } from '../support/run.js';

interface Form {
  readonly lock: (cpu: Cpu, lock: Rwlock) => Step<unknown>;
  readonly unlock: (cpu: Cpu, lock: Rwlock) => Step<unknown>;
}
const read: readonly (readonly [string, Form])[] = [
  [
    'read_lock_bh',
    {
      lock: (cpu, lock) => cpu.read_lock_bh(lock),
      unlock: (cpu, lock) => cpu.read_unlock_bh(lock),
    },
  ],
  [
    'read_lock_irqsave',
    {
      lock: (cpu, lock) => cpu.read_lock_irqsave(lock),
      unlock: (cpu, lock) => cpu.read_unlock_irqrestore(lock, true),
    },
  ],
  [
    'read_lock',
    { lock: (cpu, lock) => cpu.read_lock(lock), unlock: (cpu, lock) => cpu.read_unlock(lock) },
  ],
  [
    'read_lock_irq',
    {
      lock: (cpu, lock) => cpu.read_lock_irq(lock),
      unlock: (cpu, lock) => cpu.read_unlock_irq(lock),
    },
  ],
];
const write: readonly (readonly [string, Form])[] = [
  [
    'write_lock_bh',
    {
      lock: (cpu, lock) => cpu.write_lock_bh(lock),
      unlock: (cpu, lock) => cpu.write_unlock_bh(lock),
    },
  ],
  [
    'write_lock_irqsave',
    {
      lock: (cpu, lock) => cpu.write_lock_irqsave(lock),
      unlock: (cpu, lock) => cpu.write_unlock_irqrestore(lock, true),
    },
  ],
  [
    'write_lock',
    { lock: (cpu, lock) => cpu.write_lock(lock), unlock: (cpu, lock) => cpu.write_unlock(lock) },
  ],
  [
    'write_lock_irq',
    {
      lock: (cpu, lock) => cpu.write_lock_irq(lock),
      unlock: (cpu, lock) => cpu.write_unlock_irq(lock),
    },
  ],
];

/** Two sections that note how many threads of each kind were inside together. */
function together(first: Form, second: Form) {
  return everySchedule((m) => {
    const lock = m.rwlock('lock');
    const inside = m.cell('inside', 0);
    const most = m.cell('most', 0);
    const section = (form: Form) =>
      function* (cpu: Cpu): Path {
        yield* form.lock(cpu, lock);
        const now = (yield* cpu.fetch_add(inside, 1)) + 1;
        if (now === 2) yield* cpu.write(most, 2);
        yield* cpu.fetch_add(inside, -1);
        yield* form.unlock(cpu, lock);
      };
    return {
      actors: { a: section(first), b: section(second) },
      look: () => most.peek(),
    };
  });
}

describe('an rwlock', () => {
  it.each(read)('lets readers in together: %s', (_, form) => {
    expect(together(form, form)).toMatchObject({ verdicts: [fine], looks: [0, 2] });
  });

  it.each(write)('keeps writers apart: %s', (_, form) => {
    expect(together(form, form)).toMatchObject({ verdicts: [fine], looks: [0] });
  });

  it.each(read)(
    'keeps a writer out while a reader is in, and the other way round: %s',
    (_, form) => {
      for (const [, writing] of write) {
        expect(together(form, writing)).toMatchObject({ verdicts: [fine], looks: [0] });
      }
    },
  );

  it('prefers readers: a section that is read again never deadlocks, whoever waits to write', () => {
    const { verdicts, schedules } = everySchedule((m) => {
      const lock = m.rwlock('lock');
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.read_lock(lock);
            yield* cpu.read_lock(lock);
            yield* cpu.read_unlock(lock);
            yield* cpu.read_unlock(lock);
          },
          *writer(cpu) {
            yield* cpu.write_lock(lock);
            yield* cpu.write_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
    expect(schedules).toBe(2);
  });

  it('admits a writer only after the last of several readers has left', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.rwlock('lock');
      const readers = m.cell('readers', 0);
      function* reader(cpu: Cpu): Path {
        yield* cpu.read_lock(lock);
        yield* cpu.fetch_add(readers, 1);
        yield* cpu.fetch_add(readers, -1);
        yield* cpu.read_unlock(lock);
      }
      return {
        actors: {
          reader1: reader,
          reader2: reader,
          *writer(cpu) {
            yield* cpu.write_lock(lock);
            yield* cpu.BUG_ON((yield* cpu.read(readers)) !== 0, 'a reader is inside');
            yield* cpu.write_unlock(lock);
          },
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });

  it('deadlocks whoever reads and then writes, and whoever writes and then reads', () => {
    const sentence = (first: Form, second: Form): string =>
      sentenceOf((m) => {
        const lock = m.rwlock('lock');
        return {
          actors: {
            *a(cpu) {
              yield* first.lock(cpu, lock);
              yield* second.lock(cpu, lock);
            },
          },
        };
      });
    for (const [, reading] of read) {
      for (const [, writing] of write) {
        expect(sentence(reading, writing)).toMatch(/^a waits for lock in write_lock.*, held by a$/);
        expect(sentence(writing, reading)).toMatch(/^a waits for lock in read_lock.*, held by a$/);
      }
    }
  });

  it.each([...read, ...write])('makes its holder atomic until it unlocks: %s', (_, form) => {
    const sleep = (releases: boolean): string =>
      sentenceOf((m) => {
        const [lock, mutex] = [m.rwlock('lock'), m.mutex('mutex')];
        return {
          actors: {
            *a(cpu) {
              yield* form.lock(cpu, lock);
              if (releases) yield* form.unlock(cpu, lock);
              yield* cpu.mutex_lock(mutex);
              yield* cpu.mutex_unlock(mutex);
            },
          },
        };
      });
    expect(sleep(false)).toBe(
      'sleeping function mutex_lock() called from invalid context (thread a)',
    );
    expect(sleep(true)).toBe(fine);
  });

  it.each([...read, ...write])('masks interrupts exactly in the irq forms: %s', (name, form) => {
    let masked: boolean[] = [];
    expect(
      sentenceOf((m) => {
        const lock = m.rwlock('lock');
        const now = (): boolean => m.thread(0).processor.irqsOff.peek();
        return {
          actors: {
            *a(cpu) {
              yield* form.lock(cpu, lock);
              masked = [now()];
              yield* form.unlock(cpu, lock);
              masked.push(now());
            },
          },
        };
      }),
    ).toBe(fine);
    expect(masked).toEqual([name.includes('_irq'), false]);
  });

  it.each([...read, ...write])('is unlocked only by who has it: %s', (_, form) => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.rwlock('lock');
      return {
        actors: {
          *holder(cpu) {
            yield* cpu.read_lock(lock);
            yield* cpu.read_unlock(lock);
          },
          *other(cpu) {
            yield* form.unlock(cpu, lock);
          },
        },
      };
    });
    for (const verdict of verdicts) expect(verdict).toMatch(/\(lock\) by a non-owner: .*other\)$/);
  });

  it.each<readonly [string, (cpu: Cpu, lock: Rwlock) => Path]>([
    [
      'read_unlock_irq',
      function* (cpu, lock) {
        yield* cpu.read_lock_irq(lock);
        yield* cpu.read_unlock_irq(lock);
      },
    ],
    [
      'write_unlock_irq',
      function* (cpu, lock) {
        yield* cpu.write_lock_irq(lock);
        yield* cpu.write_unlock_irq(lock);
      },
    ],
  ])('warns of a nested section that enables interrupts: %s', (name, nested) => {
    const verdict = sentenceOf((m) => {
      const [outer, inner] = [m.spinlock('outer'), m.rwlock('inner')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock_irq(outer);
            yield* nested(cpu, inner);
          },
        },
      };
    });
    expect(verdict).toBe(
      `${name}() enabled interrupts inside a section that masked them (thread a)`,
    );
  });
});

describe('the trylocks of an rwlock', () => {
  it('take it where nobody is in the way, and say so', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.rwlock('lock');
      let seen: unknown[] = [];
      return {
        actors: {
          *reader(cpu) {
            seen = [];
            yield* cpu.read_lock(lock);
            yield* cpu.read_unlock(lock);
          },
          *tries(cpu) {
            const reads = yield* cpu.read_trylock(lock);
            if (reads) yield* cpu.read_unlock(lock);
            const writes = yield* cpu.write_trylock(lock);
            if (writes) yield* cpu.write_unlock(lock);
            seen.push(reads, writes, cpu.in_atomic);
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks }).toEqual({
      verdicts: [fine],
      looks: [
        [true, false, false],
        [true, true, false],
      ],
    });
  });
});
