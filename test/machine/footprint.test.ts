// The footprint of a step: what it reads and changes itself, not what is looked at to find out who can go on.
import { describe, expect, it } from 'vitest';
import { Execution, GoOn } from '../../scheduler/index.js';
import { always, type Cell, type Machine } from '../../src/machine/index.js';
import { armed } from '../support/program.js';

/** What each step of the default schedule reads and changes, by thread. */
function footprints(machine: Machine): string[] {
  const steps: string[] = [];
  const told = new Set<string>();
  /** A thread that ends looks whether it is still in a read section: that is its own business. */
  const isOwn = (cell: Cell<unknown>) => cell.name.endsWith('.rcu.depth');
  machine.listen({
    read: (cell: Cell<unknown>) => {
      if (!isOwn(cell)) told.add(`r ${cell.name}`);
    },
    wrote: (cell: Cell<unknown>) => void told.add(`w ${cell.name}`),
  });
  class Telling extends GoOn {
    readonly keepsTime = true;
    override choose(current: number): number {
      const next = super.choose(current);
      if (told.size > 0) steps.push([...told].sort().join(', '));
      told.clear();
      machine.watchers.resumeTelling();
      return next;
    }
  }
  new Execution(machine, new Telling()).run();
  machine.watchers.pauseTelling();
  steps.push([...told].sort().join(', '));
  return steps;
}

describe('the footprint of a step', () => {
  it('is the cells of the step, whoever waits for its lock', () => {
    const machine = armed((m) => {
      const lock = m.mutex('l');
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.write(x, 1);
            yield* cpu.mutex_unlock(lock);
          },
          *b(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    });
    expect(footprints(machine)).toEqual([
      'r l.holder, w l.holder',
      'r x, w x',
      'r l.holder, w l.holder',
      'r x',
    ]);
  });

  it('holds what a property looks at after the step', () => {
    const machine = armed((m) => {
      const x = m.cell('x', 0);
      const y = m.cell('y', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.read(x);
          },
        },
        properties: [always('y is not ahead', () => y.peek() <= x.peek())],
      };
    });
    const [write, read] = footprints(machine);
    expect(write).toContain('r y');
    expect(read).toBe('r x');
  });

  it('of a failed cmpxchg is a read', () => {
    const machine = armed((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.cmpxchg(x, 1, 2);
            yield* cpu.cmpxchg(x, 0, 2);
          },
        },
      };
    });
    expect(footprints(machine)).toEqual(['r x', 'r x, w x']);
  });
});
