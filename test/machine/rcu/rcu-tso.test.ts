import { describe, expect, it } from 'vitest';
import type { Allocated, Cell, Cpu, Memory, Path } from '../../../src/machine/index.js';
import { everySchedule, fine, type Setup } from '../../support/run.js';

class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
  }
}

/** A reader that stores in its section, and an updater that frees what it stored to. */
const storesInSection =
  (free: (cpu: Cpu, thing: Thing) => Path): Setup =>
  (m) => {
    const thing = m.object(Thing, 'thing');
    const gp = m.rcuPointer<Thing | null>('gp', thing);
    const y = m.cell('y', 0);
    return {
      actors: {
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          const found = yield* cpu.rcu_dereference(gp);
          if (found !== null) yield* cpu.write(found.value, 1);
          yield* cpu.rcu_read_unlock();
          yield* cpu.write(y, 1);
        },
        *updater(cpu) {
          yield* cpu.rcu_assign_pointer(gp, null);
          yield* free(cpu, thing);
        },
      },
    };
  };

const tso = { memory: 'tso' } as const;

describe('under total store order', () => {
  it('a grace period ends only when everybody sees what was stored in the sections', () => {
    const synchronised = storesInSection(function* (cpu, thing) {
      yield* cpu.synchronize_rcu();
      yield* cpu.kfree(thing);
    });
    expect(everySchedule(synchronised, tso).verdicts).toEqual([fine]);
    const queued = storesInSection(function* (cpu, thing) {
      yield* cpu.kfree_rcu(thing);
    });
    expect(everySchedule(queued, tso).verdicts).toEqual([fine]);
  });

  it('a store on its way to an object that is freed without a grace period is found', () => {
    const hasty = storesInSection(function* (cpu, thing) {
      yield* cpu.kfree(thing);
    });
    expect(everySchedule(hasty, tso).verdicts.join()).toContain('use after free');
  });

  it('rcu_barrier() returns only when everybody sees what the callbacks have stored', () => {
    const { verdicts } = everySchedule((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *updater(cpu) {
            yield* cpu.call_rcu('callback', function* (own) {
              yield* own.write(thing.value, 1);
            });
            const other = yield* cpu.spawn('other', function* (own) {
              yield* own.rcu_barrier();
              yield* own.kfree(thing);
            });
            yield* cpu.join(other);
          },
        },
      };
    }, tso);
    expect(verdicts).toEqual([fine]);
  });

  it('rcu_assign_pointer() is a store like any other: others may see it late', () => {
    const outcomes = (memory: 'sc' | 'tso'): readonly unknown[] =>
      everySchedule(
        (m) => {
          const [p, q] = [m.rcuPointer('p', 0), m.rcuPointer('q', 0)];
          const seen = [m.cell('seen by a', 0), m.cell('seen by b', 0)] as const;
          return {
            actors: {
              *a(cpu) {
                yield* cpu.rcu_assign_pointer(p, 1);
                yield* cpu.write(seen[0], yield* cpu.rcu_access_pointer(q));
              },
              *b(cpu) {
                yield* cpu.rcu_assign_pointer(q, 1);
                yield* cpu.write(seen[1], yield* cpu.rcu_access_pointer(p));
              },
            },
            look: () => [seen[0].peek(), seen[1].peek()],
          };
        },
        { memory },
      ).looks;
    expect(outcomes('sc')).not.toContainEqual([0, 0]);
    expect(outcomes('tso')).toContainEqual([0, 0]);
  });
});
