// Memory barriers, as x86 has them: only a full barrier is an instruction there. Under sequential consistency it does
// nothing. Not modelled: what weaker machines than x86 do, and the compiler, which the other barriers are about.
import type { Cell } from '../cell.js';
import type { Step } from '../op.js';
import { SMP_MB, SMP_STORE_MB } from '../tso/barriers.js';
import { AtomicSteps } from './atomic-steps.js';

export abstract class BarrierSteps<out Task> extends AtomicSteps<Task> {
  /** Every earlier store of the CPU is visible before it goes on. An event under TSO, none otherwise. */
  smp_mb(): Step<void> {
    this.machine.races?.fenced(this.slot);
    if (this.machine.storeBuffers === undefined) return this.give(undefined);
    return this.op.make(SMP_MB, undefined) as Step<void>;
  }

  /** Stores are visible in their order anyway: no event. */
  smp_wmb(): Step<void> {
    return this.order();
  }

  /** Loads happen in their order anyway: no event. */
  smp_rmb(): Step<void> {
    return this.order();
  }

  /** An atomic operation is a full barrier anyway: no event. */
  smp_mb__before_atomic(): Step<void> {
    return this.order();
  }

  /** An atomic operation is a full barrier anyway: no event. */
  smp_mb__after_atomic(): Step<void> {
    return this.order();
  }

  /** A store and a full barrier, by xchg: one event. set_mb() before 4.3. */
  smp_store_mb<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(SMP_STORE_MB, cell, value) as Step<void>;
  }

  /** No event, but the race detector hears of it. */
  protected order(): Step<void> {
    this.machine.races?.fenced(this.slot);
    return this.give(undefined);
  }
}
