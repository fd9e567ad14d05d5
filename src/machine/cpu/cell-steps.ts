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

  // --- Marked accesses, for the race detector -----------------------------------------------------------------

  /** A read that may race with marked writes. It orders nothing else, unless what it reads is a pointer. */
  READ_ONCE<T>(cell: Cell<T>): Step<T> {
    return this.op.make(memory.READ_ONCE, cell) as Step<T>;
  }

  /** A write that may race with other marked accesses. It orders nothing else. */
  WRITE_ONCE<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(memory.WRITE_ONCE, cell, value) as Step<void>;
  }

  /** A marked read after which comes what the thread does later, if a store with release wrote what it reads. */
  smp_load_acquire<T>(cell: Cell<T>): Step<T> {
    return this.op.make(memory.SMP_LOAD_ACQUIRE, cell) as Step<T>;
  }

  /** A marked write before which comes all that the thread has done, for whoever reads it with acquire. */
  smp_store_release<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(memory.SMP_STORE_RELEASE, cell, value) as Step<void>;
  }

  /** data_race(cell): a plain read whose races are meant to be. */
  data_race_read<T>(cell: Cell<T>): Step<T> {
    return this.op.make(memory.DATA_RACE_READ, cell) as Step<T>;
  }

  /** data_race(cell = value): a plain write whose races are meant to be. */
  data_race_write<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(memory.DATA_RACE_WRITE, cell, value) as Step<void>;
  }

  // --- Atomic operations ----------------------------------------------------------------------------------------

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

  atomic_set(cell: Cell<number>, value: number): Step<void> {
    return this.op.make(memory.ATOMIC_SET, cell, value) as Step<void>;
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

  /** Sets bits of a flag word in one step, as the `|=` of its only writer does: an ordinary store. */
  set_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.op.make(memory.SET_BITS, cell, bits) as Step<void>;
  }

  /** Clears bits of a flag word in one step, as its only writer does: an ordinary store. */
  clear_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.op.make(memory.CLEAR_BITS, cell, bits) as Step<void>;
  }

  /** Atomic. It takes the bit as a mask, where the kernel's takes its number. */
  set_bit(cell: Cell<number>, bit: number): Step<void> {
    return this.op.make(memory.SET_BIT, cell, bit) as Step<void>;
  }

  /** Atomic. It takes the bit as a mask, where the kernel's takes its number. */
  clear_bit(cell: Cell<number>, bit: number): Step<void> {
    return this.op.make(memory.CLEAR_BIT, cell, bit) as Step<void>;
  }

  /** Fills in a field of an object that no other thread can reach yet: no event. */
  init<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    if (load(cell) === poison) {
      const op = this.op.make(HALT, cell);
      this.machine.useAfterFree(op, cell as Cell<unknown>);
      return op as Step<void>;
    }
    store(cell, value, this.machine.journal);
    this.machine.races?.initialised(this.slot, cell as Cell<unknown>, value);
    this.machine.note(
      this.slot.index,
      () => `${cell.label} = ${cell.show?.(value) ?? showValue(value)}`,
    );
    return this.give(undefined);
  }
}
