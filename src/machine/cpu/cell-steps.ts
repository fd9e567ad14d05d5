// Loads, stores and atomic operations: one event each.
import { type Cell, load, poison, store } from '../cell.js';
import * as memory from '../memory.js';
import { showValue } from '../names.js';
import { HALT, READ, type Step, WRITE } from '../op.js';
import { CpuBase } from './cpu-base.js';

export abstract class CellSteps<out Task> extends CpuBase<Task> {
  read<T>(cell: Cell<T>): Step<T> {
    return this.op.make(READ, cell) as Step<T>;
  }

  write<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(WRITE, cell, value) as Step<void>;
  }

  /** Returns the old value. */
  xchg<T>(cell: Cell<T>, value: NoInfer<T>): Step<T> {
    return this.op.make(memory.XCHG, cell, value) as Step<T>;
  }

  /** Stores `value` if the cell holds `expected`; returns the old value either way. */
  cmpxchg<T>(cell: Cell<T>, expected: NoInfer<T>, value: NoInfer<T>): Step<T> {
    return this.op.make(memory.CMPXCHG, cell, expected, value) as Step<T>;
  }

  /** Returns the old value. */
  fetch_add(cell: Cell<number>, n: number): Step<number> {
    return this.op.make(memory.FETCH_ADD, cell, n) as Step<number>;
  }

  atomic_read(cell: Cell<number>): Step<number> {
    return this.op.make(memory.ATOMIC_READ, cell) as Step<number>;
  }

  atomic_inc(cell: Cell<number>): Step<void> {
    return this.op.make(memory.ATOMIC_INC, cell) as Step<void>;
  }

  atomic_dec(cell: Cell<number>): Step<void> {
    return this.op.make(memory.ATOMIC_DEC, cell) as Step<void>;
  }

  /** Returns whether the counter is 0 now. */
  atomic_dec_and_test(cell: Cell<number>): Step<boolean> {
    return this.op.make(memory.ATOMIC_DEC_AND_TEST, cell) as Step<boolean>;
  }

  /** Adds `n` unless the counter is `unless`; returns whether it added. */
  atomic_add_unless(cell: Cell<number>, n: number, unless: number): Step<boolean> {
    return this.op.make(memory.ATOMIC_ADD_UNLESS, cell, n, unless) as Step<boolean>;
  }

  /** Sets bits of a flag word in one step. */
  set_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.op.make(memory.SET_BITS, cell, bits) as Step<void>;
  }

  /** Clears bits of a flag word in one step. */
  clear_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.op.make(memory.CLEAR_BITS, cell, bits) as Step<void>;
  }

  /** Fills in a field of an object that no other thread can reach yet: no event. */
  init<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    if (load(cell) === poison) {
      const op = this.op.make(HALT, cell);
      this.machine.useAfterFree(op, cell as Cell<unknown>);
      return op as Step<void>;
    }
    store(cell, value, this.machine.journal);
    this.machine.note(
      this.slot.index,
      () => `${cell.label} = ${cell.show?.(value) ?? showValue(value)}`,
    );
    return this.give(undefined);
  }
}
