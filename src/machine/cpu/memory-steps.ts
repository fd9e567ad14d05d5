// Objects that paths make and free, and steps that may fail.
import { MAY_FAIL, VETO } from '../faults/faults.js';
import { type Allocated, type Gfp, KFREE, KMALLOC, maySleep, type ObjectType } from '../heap.js';
import type { Primitive, Step } from '../op.js';
import { DataLockSteps } from './data-lock-steps.js';

export abstract class MemorySteps<out Task> extends DataLockSteps<Task> {
  /**
   * A new object, or null where the allocation fails: the strategy's choice, within the scenario's `faults`, or at a
   * place of its `fail`. An event only where some could fail. With GFP_KERNEL it may sleep: a panic where the thread
   * may not (K-01), whether or not it would have slept. `label` is the object's name for people.
   */
  kmalloc<T extends Allocated>(
    type: ObjectType<T>,
    label: string = type.name,
    gfp: Gfp = 'GFP_KERNEL',
  ): Step<T | null> {
    const { faults, contexts, allocator } = this.machine;
    const asleep = maySleep(gfp) && contexts.isAtomic(this.slot);
    if (faults.mayHappen || asleep)
      return this.op.make(KMALLOC, type, label, gfp) as Step<T | null>;
    return this.give(allocator.next(this.slot, type, label));
  }

  /** From here on every access to the object is a panic. */
  kfree(object: Allocated): Step<void> {
    return this.op.make(KFREE, object) as Step<void>;
  }

  /**
   * A callback that may refuse, such as can_attach: true if it does. The strategy's choice, within the scenario's
   * `faults`, or at a place of its `fail`; an event only where it could refuse.
   */
  veto(callback: string): Step<boolean> {
    return this.#fallible(VETO, callback);
  }

  /** The same for any other step that may fail, such as copying from user space: true if it does. */
  may_fail(what: string): Step<boolean> {
    return this.#fallible(MAY_FAIL, what);
  }

  #fallible(primitive: Primitive, label: string): Step<boolean> {
    if (!this.machine.faults.mayHappen) return this.give(false);
    return this.op.make(primitive, { name: label, label }) as Step<boolean>;
  }
}
