// What store buffers do to the rest of the machine: locks, contexts, threads, lists, freed memory.
import { describe, expect, it } from 'vitest';
import {
  type Allocated,
  always,
  type Cpu,
  type Machine,
  type Memory,
  type Path,
} from '../../../src/machine/index.js';
import { after, everySchedule, fine, type Setup } from '../../support/run.js';

const tso = { memory: 'tso' } as const;

/** What the program's `look` saw, over all schedules, run twice on one machine. */
function looks(setup: Setup, options = {}): unknown {
  const { looks: seen, verdicts } = everySchedule(setup, { ...tso, ...options });
  expect(verdicts).toEqual([fine]);
  return seen;
}

function verdicts(setup: Setup, options = {}): readonly string[] {
  return everySchedule(setup, { ...tso, ...options }).verdicts;
}

const cells = (m: Machine) => ({ x: m.cell('x', 0), y: m.cell('y', 0) });

class Thing implements Allocated {
  readonly memory: Memory;
  readonly field;
  readonly node;

  constructor(memory: Memory) {
    this.memory = memory;
    this.field = memory.cell('field', 0);
    this.node = memory.list('node', this);
  }
}

describe('a store', () => {
  const stored: Setup = (m) => {
    const { x } = cells(m);
    return {
      actors: {
        *a(cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.read(x);
        },
      },
      look: () => x.peek(),
    };
  };

  it('is seen by its own CPU at once, by peek() only when it is visible', () => {
    const { machine } = after(stored, 'a a', tso);
    expect(machine.stateLines()).toContain('CPU0.store_buffer=[#x=1]');
    const done = after(stored, 'a CPU0/stores a', tso);
    expect(done.machine.stateLines()).toContain('x=1');
  });

  it('is always visible at the end', () => {
    expect(looks(stored)).toEqual([1]);
  });

  it('shows to an always-property when it is visible, not when it is made', () => {
    const watched: Setup = (m) => {
      const { x } = cells(m);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.read(x);
          },
        },
        properties: [always('x is 0', () => x.peek() === 0)],
      };
    };
    expect(after(watched, 'a a', tso).verdict).toBe(fine);
    expect(after(watched, 'a CPU0/stores', tso).verdict).toContain('x is 0');
  });

  it('keeps its place among the others: a node is never found before what was stored in it', () => {
    const seen = looks((m) => {
      const [head, thing] = [m.list<Thing>('head'), m.object(Thing, 'thing')];
      let found: unknown[] = [];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(thing.field, 7);
            yield* cpu.list_add(thing.node, head);
          },
          *b(cpu) {
            const first = yield* cpu.list_first(head);
            found = first === undefined ? ['none'] : [yield* cpu.read(first.field)];
          },
        },
        look: () => found,
      };
    });
    expect(seen).toEqual([['none'], [7]]);
  });
});

describe('a spinlock', () => {
  it('still excludes: no update under it is lost', () => {
    expect(
      looks((m) => {
        const [x, lock] = [m.cell('x', 0), m.spinlock('lock')];
        function* add(cpu: Cpu): Path {
          yield* cpu.spin_lock(lock);
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.spin_unlock(lock);
        }
        return { actors: { a: add, b: add }, look: () => x.peek() };
      }),
    ).toEqual([2]);
  });

  const handedOver: Setup = (m) => {
    const lock = m.spinlock('lock');
    return {
      actors: {
        *a(cpu) {
          yield* cpu.spin_lock(lock);
          yield* cpu.spin_unlock(lock);
        },
        *b(cpu) {
          yield* cpu.spin_lock(lock);
          yield* cpu.spin_unlock(lock);
        },
      },
    };
  };

  it('is free for others only once the unlock is visible', () => {
    expect(after(handedOver, 'a a', tso).runnable).toEqual(['CPU0/stores']);
    expect(after(handedOver, 'a a CPU0/stores', tso).runnable).toEqual(['b']);
    expect(verdicts(handedOver)).toEqual([fine]);
  });

  it('that is given up, but not visibly, is no part of a deadlock', () => {
    expect(
      verdicts((m) => {
        const [first, second] = [m.spinlock('first'), m.spinlock('second')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock(first);
              yield* cpu.spin_unlock(first);
              yield* cpu.spin_lock(second);
              yield* cpu.spin_unlock(second);
            },
            *b(cpu) {
              yield* cpu.spin_lock(second);
              yield* cpu.spin_lock(first);
              yield* cpu.spin_unlock(first);
              yield* cpu.spin_unlock(second);
            },
          },
        };
      }),
    ).toEqual([fine]);
  });

  it('is part of one while it is held', () => {
    const [found] = verdicts((m) => {
      const [first, second] = [m.spinlock('first'), m.spinlock('second')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(first);
            yield* cpu.spin_lock(second);
            yield* cpu.spin_unlock(second);
            yield* cpu.spin_unlock(first);
          },
          *b(cpu) {
            yield* cpu.spin_lock(second);
            yield* cpu.spin_lock(first);
            yield* cpu.spin_unlock(first);
            yield* cpu.spin_unlock(second);
          },
        },
      };
    }).filter((verdict) => verdict !== fine);
    expect(found).toContain('waits for');
  });

  it('must be held to be unlocked, as ever', () => {
    expect(
      verdicts((m) => {
        const lock = m.spinlock('lock');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock(lock);
              yield* cpu.spin_unlock(lock);
              yield* cpu.spin_unlock(lock);
            },
          },
        };
      }).join(),
    ).toContain('by a non-owner');
  });

  it.each([
    ['queued', ['00', '01', '10', '11']],
    ['reader-preferring', ['01', '10', '11']],
  ] as const)(
    'a %s rwlock gives up a write by a store, or by a locked instruction',
    (rwlock, outcomes) => {
      const seen = looks(
        (m) => {
          const { x, y } = cells(m);
          const lock = m.rwlock('lock');
          let [r1, r2] = [-1, -1];
          return {
            actors: {
              *a(cpu) {
                yield* cpu.write_lock(lock);
                yield* cpu.write(x, 1);
                yield* cpu.write_unlock(lock);
                r1 = yield* cpu.read(y);
              },
              *b(cpu) {
                yield* cpu.write(y, 1);
                yield* cpu.smp_mb();
                r2 = yield* cpu.read(x);
              },
            },
            look: () => `${String(r1)}${String(r2)}`,
          };
        },
        { rwlock },
      );
      expect(seen).toEqual(outcomes);
    },
  );

  it('given up by a sleeping thread under PREEMPT_RT takes a locked instruction', () => {
    const setup: Setup = (m) => {
      const lock = m.spinlock('lock');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(lock);
            yield* cpu.spin_unlock(lock);
          },
        },
      };
    };
    expect(after(setup, 'a a', { ...tso, rt: true }).runnable).toEqual([]);
    expect(after(setup, 'a a', tso).runnable).toEqual(['CPU0/stores']);
  });
});
