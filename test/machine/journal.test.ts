import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cell, load, store } from '../../src/machine/cell.js';
import { Journal } from '../../src/machine/journal.js';
import { at, list } from '../support/program.js';
import { executionOf } from '../support/run.js';

const cellOf = (value: number): Cell<number> => new Cell<number>(undefined, 'cell', value);

describe('the journal', () => {
  it('undoes every change made since a mark', () => {
    const journal = new Journal();
    const [x, y] = [cellOf(1), cellOf(2)];
    store(x, 10, journal);
    const mark = journal.mark();
    store(x, 11, journal);
    store(y, 20, journal);
    store(x, 12, journal);
    journal.undoTo(mark);
    expect([load(x), load(y)]).toEqual([10, 2]);
    journal.undoTo(0);
    expect([load(x), load(y)]).toEqual([1, 2]);
  });

  it('logs a cell again after a mark, so that an inner mark does not shadow an outer one', () => {
    const journal = new Journal();
    const x = cellOf(0);
    const outer = journal.mark();
    store(x, 1, journal);
    const inner = journal.mark();
    store(x, 2, journal);
    journal.undoTo(inner);
    expect(load(x)).toBe(1);
    store(x, 3, journal);
    journal.undoTo(outer);
    expect(load(x)).toBe(0);
  });

  it('logs a cell again after an undoing', () => {
    const journal = new Journal();
    const x = cellOf(0);
    store(x, 1, journal);
    journal.undoTo(0);
    store(x, 2, journal);
    journal.undoTo(0);
    expect(load(x)).toBe(0);
  });

  it('logs a cell once per epoch, however often it is written', () => {
    const journal = new Journal();
    const x = cellOf(0);
    const before = journal.mark();
    for (let i = 1; i < 1000; i++) store(x, i, journal);
    expect(journal.mark() - before).toBe(1);
  });

  it('goes back no further than the settled state', () => {
    const journal = new Journal();
    const x = cellOf(0);
    store(x, 1, journal);
    journal.settle();
    store(x, 2, journal);
    journal.undoTo(0);
    expect(load(x)).toBe(1);
  });

  it('knows each changed cell once, with what it held at first', () => {
    const journal = new Journal();
    const [x, y] = [cellOf(1), cellOf(2)];
    store(x, 10, journal);
    const mark = journal.mark();
    store(y, 20, journal);
    store(x, 11, journal);
    expect([...journal.originals()]).toEqual([
      [x, 1],
      [y, 2],
    ]);
    expect(journal.changedSince(mark)).toEqual([y, x]);
    expect(journal.changedSince(0)).toEqual([x, y]);
  });

  it('restores what a copy of the state remembers, whatever was written, marked and undone', () => {
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.record({ cell: fc.nat(3), value: fc.nat(9) }) },
      fc.constant('mark' as const),
      fc.constant('undo' as const),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const journal = new Journal();
        const cells = list(4, cellOf);
        const values = (): number[] => cells.map(load);
        const marks: { readonly mark: number; readonly values: number[] }[] = [];
        for (const action of actions) {
          if (action === 'mark') {
            marks.push({ mark: journal.mark(), values: values() });
          } else if (action === 'undo') {
            const back = marks.pop();
            if (back === undefined) continue;
            journal.undoTo(back.mark);
            expect(values()).toEqual(back.values);
          } else {
            store(at(cells, action.cell), action.value, journal);
          }
        }
        journal.undoTo(0);
        expect(values()).toEqual([0, 1, 2, 3]);
      }),
    );
  });
});

describe('a new execution', () => {
  it('begins in the initial state, locks, lists and CPUs included', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      const lock = m.spinlock('lock');
      const head = m.list<string>('head');
      const node = m.list('node', 'node');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock_irq(lock);
            yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            yield* cpu.list_add(node, head);
            yield* cpu.WARN_ON(true, 'it is left like this');
            yield* cpu.spin_unlock_irq(lock);
          },
        },
      };
    });
    execution.run();
    const lines = execution.machine.stateLines();
    expect(lines).toContain('x=1');
    expect(lines).toContain('lock.holder=0');
    expect(lines).toContain('head.next=#node');
    expect(execution.run().kind).toBe('warning');
    expect(execution.machine.stateLines()).toEqual(lines);
  });
});
