import { describe, expect, it } from 'vitest';
import type { Memory } from '../../src/machine/index.js';
import {
  type Allocated,
  type Cell,
  type Cpu,
  type Mutex,
  type Path,
  type Rwlock,
  type Rwsem,
  type Spinlock,
  type Step,
  UsageError,
} from '../../src/machine/index.js';
import { armed } from '../support/program.js';
import { everySchedule, executionOf, fine, sentenceOf } from '../support/run.js';

class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  readonly mutex: Mutex;
  readonly spinlock: Spinlock;
  readonly rwlock: Rwlock;
  readonly rwsem: Rwsem;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
    this.mutex = memory.mutex('mutex');
    this.spinlock = memory.spinlock('spinlock');
    this.rwlock = memory.rwlock('rwlock');
    this.rwsem = memory.rwsem('rwsem');
  }
}

/** What comes of one thread that works on an object of the initial state. */
const sentence = (body: (cpu: Cpu, thing: Thing) => Path): string =>
  sentenceOf((m) => {
    const thing = m.object(Thing, 'thing');
    return { actors: { a: (cpu) => body(cpu, thing) } };
  });

describe('an allocation', () => {
  it('is no event where none may fail', () => {
    const { steps } = everySchedule(() => ({
      actors: {
        *a(cpu) {
          yield* cpu.kmalloc(Thing);
        },
      },
    }));
    expect(steps).toBe(0);
  });

  it('is an event that may fail, once within a budget of one', () => {
    const { looks, steps } = everySchedule(twoAllocations, { faults: 1 });
    expect(looks).toEqual([
      [false, true],
      [true, false],
      [true, true],
    ]);
    expect(steps).toBe(2);
  });

  it('may fail as often as the budget says', () => {
    expect(everySchedule(twoAllocations, { faults: 2 }).looks).toHaveLength(4);
  });

  it('gives another label to the second object of one thread and type', () => {
    const made: Thing[] = [];
    executionOf(() => ({
      actors: {
        *a(cpu) {
          for (let i = 0; i < 2; i++) {
            const thing = yield* cpu.kmalloc(Thing, 'child');
            if (thing !== null) made.push(thing);
          }
        },
      },
    })).run();
    expect(made.map(({ memory }) => [memory.name, memory.label])).toEqual([
      ['Thing:a/1', 'child'],
      ['Thing:a/2', 'child2'],
    ]);
  });

  function twoAllocations(): ReturnType<Parameters<typeof everySchedule>[0]> {
    let made: boolean[] = [];
    return {
      actors: {
        *a(cpu) {
          made = [];
          made.push((yield* cpu.kmalloc(Thing)) !== null);
          made.push((yield* cpu.kmalloc(Thing)) !== null);
        },
      },
      look: () => made,
    };
  }
});

describe('an object', () => {
  it('is the same one in the next execution, and as it was when new', () => {
    const made: Thing[] = [];
    const values: number[] = [];
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            const thing = yield* cpu.kmalloc(Thing);
            if (thing === null) return;
            made.push(thing);
            values.push(yield* cpu.read(thing.value));
            yield* cpu.write(thing.value, 7);
            yield* cpu.write(x, 1);
            yield* cpu.kfree(thing);
          },
        },
      };
    });
    expect([execution.run().kind, execution.run().kind]).toEqual(['ok', 'ok']);
    expect(made[0]).toBe(made[1]);
    expect(values).toEqual([0, 0]);
  });

  it('is shown to who wants to see all objects, once, also if later executions have it again', () => {
    const seen: string[] = [];
    const execution = executionOf((m) => {
      m.onAllocation(({ memory }) => seen.push(memory.name));
      m.object(Thing, 'first');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.kmalloc(Thing);
          },
        },
      };
    });
    execution.run();
    execution.run();
    expect(seen).toEqual(['first', 'Thing:a/1']);
  });

  it('of the initial state has a name of its own', () => {
    expect(() =>
      armed((m) => {
        m.object(Thing, 'thing');
        m.object(Thing, 'thing');
        return { actors: {} };
      }),
    ).toThrow(UsageError);
  });
});

describe('freed memory', () => {
  it('may not be read, written or updated', () => {
    const after = (access: (cpu: Cpu, thing: Thing) => Path): string =>
      sentence(function* (cpu, thing) {
        yield* cpu.kfree(thing);
        yield* access(cpu, thing);
      });
    expect(
      after(function* (cpu, { value }) {
        yield* cpu.read(value);
      }),
    ).toBe('use after free: read() on thing.value (thread a)');
    expect(
      after(function* (cpu, { value }) {
        yield* cpu.write(value, 1);
      }),
    ).toBe('use after free: write() on thing.value (thread a)');
    expect(
      after(function* (cpu, { value }) {
        yield* cpu.atomic_inc(value);
      }),
    ).toBe('use after free: atomic_inc() on thing.value (thread a)');
  });

  it.each<readonly [string, (cpu: Cpu, thing: Thing) => Path<unknown>]>([
    ['mutex_lock', (cpu, { mutex }) => once(cpu.mutex_lock(mutex))],
    ['mutex_trylock', (cpu, { mutex }) => once(cpu.mutex_trylock(mutex))],
    ['mutex_unlock', (cpu, { mutex }) => once(cpu.mutex_unlock(mutex))],
    ['spin_lock', (cpu, { spinlock }) => once(cpu.spin_lock(spinlock))],
    ['spin_trylock', (cpu, { spinlock }) => once(cpu.spin_trylock(spinlock))],
    ['spin_lock_irqsave', (cpu, { spinlock }) => once(cpu.spin_lock_irqsave(spinlock))],
    ['spin_unlock', (cpu, { spinlock }) => once(cpu.spin_unlock(spinlock))],
    ['read_lock', (cpu, { rwlock }) => once(cpu.read_lock(rwlock))],
    ['write_lock', (cpu, { rwlock }) => once(cpu.write_lock(rwlock))],
    ['read_unlock', (cpu, { rwlock }) => once(cpu.read_unlock(rwlock))],
    ['down_read', (cpu, { rwsem }) => once(cpu.down_read(rwsem))],
    ['down_write', (cpu, { rwsem }) => once(cpu.down_write(rwsem))],
    ['up_write', (cpu, { rwsem }) => once(cpu.up_write(rwsem))],
  ])('may not be locked: %s', (name, access) => {
    const verdict = sentence(function* (cpu, thing) {
      yield* cpu.kfree(thing);
      yield* access(cpu, thing);
    });
    expect(verdict).toContain(`use after free: ${name}() on thing.`);
  });

  it('may not be freed again', () => {
    expect(
      sentence(function* (cpu, thing) {
        yield* cpu.kfree(thing);
        yield* cpu.kfree(thing);
      }),
    ).toBe('double free of thing (thread a)');
  });

  it('stops a thread that waited for its lock, in some schedule', () => {
    const { verdicts } = everySchedule((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(thing.mutex);
            yield* cpu.mutex_unlock(thing.mutex);
            yield* cpu.kfree(thing);
          },
          *b(cpu) {
            yield* cpu.mutex_lock(thing.mutex);
            yield* cpu.mutex_unlock(thing.mutex);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      fine,
      'thing was freed while thing.mutex is held (thread a)',
      'use after free: mutex_lock() on thing.mutex.holder (thread b)',
    ]);
  });

  it('is whole again in the next execution', () => {
    const execution = executionOf((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(thing.value, 1);
            yield* cpu.kfree(thing);
          },
        },
      };
    });
    expect([execution.run().kind, execution.run().kind]).toEqual(['ok', 'ok']);
  });
});

describe('an object whose lock is held', () => {
  it.each<readonly [string, (cpu: Cpu, thing: Thing) => Path<unknown>]>([
    ['mutex', (cpu, { mutex }) => once(cpu.mutex_lock(mutex))],
    ['spinlock', (cpu, { spinlock }) => once(cpu.spin_lock(spinlock))],
    ['rwlock', (cpu, { rwlock }) => once(cpu.read_lock(rwlock))],
    ['rwlock', (cpu, { rwlock }) => once(cpu.write_lock(rwlock))],
    ['rwsem', (cpu, { rwsem }) => once(cpu.down_read(rwsem))],
    ['rwsem', (cpu, { rwsem }) => once(cpu.down_write(rwsem))],
  ])('may not be freed: %s', (name, lock) => {
    const verdict = sentence(function* (cpu, thing) {
      yield* lock(cpu, thing);
      yield* cpu.kfree(thing);
    });
    expect(verdict).toBe(`thing was freed while thing.${name} is held (thread a)`);
  });
});

/** A path of one step. */
function* once<R>(step: Step<R>): Path<R> {
  return yield* step;
}
