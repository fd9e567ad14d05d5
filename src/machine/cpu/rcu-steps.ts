// RCU: read sections, grace periods, callbacks, and the pointers that they protect.
import type { Allocated } from '../heap.js';
import type { Lock } from '../locks/lock.js';
import type { Path, Step } from '../op.js';
import { CALL_RCU, KFREE_RCU, RCU_BARRIER } from '../rcu/callbacks.js';
import { SYNCHRONIZE_RCU, SYNCHRONIZE_RCU_EXPEDITED } from '../rcu/grace-period.js';
import * as pointer from '../rcu/rcu-pointer.js';
import type { RcuPointer } from '../rcu/rcu-pointer.js';
import { isReading, RCU_READ } from '../rcu/read-section.js';
import type { Cpu } from './cpu.js';
import { WaitingSteps } from './waiting-steps.js';

export abstract class RcuSteps<out Task> extends WaitingSteps<Task> {
  /** From the next step on no grace period that begins ends before rcu_read_unlock(). Nests. No event. */
  rcu_read_lock(): Step<void> {
    return this.open(RCU_READ);
  }

  /** No event. */
  rcu_read_unlock(): Step<void> {
    return this.close(RCU_READ);
  }

  /** For WARN_ON and BUG_ON: whether the thread is in a read section. */
  get rcu_read_lock_held(): boolean {
    return isReading(this.slot);
  }

  /** Returns when every read section that is open now has ended. It may sleep. */
  synchronize_rcu(): Step<void> {
    return this.op.make(SYNCHRONIZE_RCU, undefined) as Step<void>;
  }

  /** The same; expedited is how long it takes, not what it waits for. */
  synchronize_rcu_expedited(): Step<void> {
    return this.op.make(SYNCHRONIZE_RCU_EXPEDITED, undefined) as Step<void>;
  }

  /** Runs the callback, in a softirq of this CPU, when every read section that is open now has ended. */
  call_rcu(name: string, callback: (cpu: Cpu<Task>) => Path<unknown>): Step<void> {
    return this.op.make(CALL_RCU, undefined, callback, name) as Step<void>;
  }

  /** Frees the object when every read section that is open now has ended. */
  kfree_rcu(object: Allocated): Step<void> {
    return this.op.make(KFREE_RCU, object) as Step<void>;
  }

  /** Returns when every callback that was queued before has returned. It may sleep. */
  rcu_barrier(): Step<void> {
    return this.op.make(RCU_BARRIER, undefined) as Step<void>;
  }

  // --- Pointers ---------------------------------------------------------------------------------------------

  /** Reads a pointer in order to follow it: a verdict outside any read section (K-11). */
  rcu_dereference<T>(cell: RcuPointer<T>): Step<T> {
    return this.op.make(pointer.RCU_DEREFERENCE, cell) as Step<T>;
  }

  /** The same, where holding the lock, or the condition, will do as well. */
  rcu_dereference_check<T>(cell: RcuPointer<T>, condition: Lock | boolean): Step<T> {
    return this.op.make(pointer.RCU_DEREFERENCE_CHECK, cell, condition) as Step<T>;
  }

  /** The updater's read: a verdict without the lock, or the condition (K-11). */
  rcu_dereference_protected<T>(cell: RcuPointer<T>, condition: Lock | boolean): Step<T> {
    return this.op.make(pointer.RCU_DEREFERENCE_PROTECTED, cell, condition) as Step<T>;
  }

  /** Reads a pointer that is only compared, not followed. */
  rcu_access_pointer<T>(cell: RcuPointer<T>): Step<T> {
    return this.op.make(pointer.RCU_ACCESS_POINTER, cell) as Step<T>;
  }

  /** Publishes an object. */
  rcu_assign_pointer<T>(cell: RcuPointer<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(pointer.RCU_ASSIGN_POINTER, cell, value) as Step<void>;
  }

  /** Stores NULL, or an object that readers have seen before. */
  RCU_INIT_POINTER<T>(cell: RcuPointer<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(pointer.RCU_INIT_POINTER, cell, value) as Step<void>;
  }
}
