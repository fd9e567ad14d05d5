// The rest of atomic_t, and bits of flag words that answer: one event each.
import * as atomics from '../atomics.js';
import type { Cell } from '../cell.js';
import * as memory from '../memory.js';
import type { Step } from '../op.js';
import { CellSteps } from './cell-steps.js';

export abstract class AtomicSteps<out Task> extends CellSteps<Task> {
  atomic_add(cell: Cell<number>, n: number): Step<void> {
    return this.op.make(atomics.ATOMIC_ADD, cell, n) as Step<void>;
  }

  atomic_sub(cell: Cell<number>, n: number): Step<void> {
    return this.op.make(atomics.ATOMIC_SUB, cell, n) as Step<void>;
  }

  /** Returns the new value. */
  atomic_add_return(cell: Cell<number>, n: number): Step<number> {
    return this.op.make(atomics.ATOMIC_ADD_RETURN, cell, n) as Step<number>;
  }

  /** Returns the new value. */
  atomic_sub_return(cell: Cell<number>, n: number): Step<number> {
    return this.op.make(atomics.ATOMIC_SUB_RETURN, cell, n) as Step<number>;
  }

  /** Returns the new value. */
  atomic_inc_return(cell: Cell<number>): Step<number> {
    return this.op.make(atomics.ATOMIC_INC_RETURN, cell) as Step<number>;
  }

  /** Returns the new value. */
  atomic_dec_return(cell: Cell<number>): Step<number> {
    return this.op.make(atomics.ATOMIC_DEC_RETURN, cell) as Step<number>;
  }

  /** Returns whether the counter is 0 now. */
  atomic_sub_and_test(cell: Cell<number>, n: number): Step<boolean> {
    return this.op.make(atomics.ATOMIC_SUB_AND_TEST, cell, n) as Step<boolean>;
  }

  /** Returns whether the counter is 0 now. */
  atomic_inc_and_test(cell: Cell<number>): Step<boolean> {
    return this.op.make(atomics.ATOMIC_INC_AND_TEST, cell) as Step<boolean>;
  }

  /** Adds 1 unless the counter is 0; returns whether it did. */
  atomic_inc_not_zero(cell: Cell<number>): Step<boolean> {
    return this.op.make(atomics.ATOMIC_INC_NOT_ZERO, cell) as Step<boolean>;
  }

  /** Stores `value` if the counter is `expected`; returns the old value either way. */
  atomic_cmpxchg(cell: Cell<number>, expected: number, value: number): Step<number> {
    return this.op.make(memory.CMPXCHG, cell, expected, value) as Step<number>;
  }

  /** Returns the old value. */
  atomic_xchg(cell: Cell<number>, value: number): Step<number> {
    return this.op.make(memory.XCHG, cell, value) as Step<number>;
  }

  /** Whether the bit of that number is set. */
  test_bit(cell: Cell<number>, bit: number): Step<boolean> {
    return this.op.make(atomics.TEST_BIT, cell, bit) as Step<boolean>;
  }

  /** Sets the bit of that number; returns whether it was set before. */
  test_and_set_bit(cell: Cell<number>, bit: number): Step<boolean> {
    return this.op.make(atomics.TEST_AND_SET_BIT, cell, bit) as Step<boolean>;
  }

  /** Clears the bit of that number; returns whether it was set before. */
  test_and_clear_bit(cell: Cell<number>, bit: number): Step<boolean> {
    return this.op.make(atomics.TEST_AND_CLEAR_BIT, cell, bit) as Step<boolean>;
  }
}
