// Objects that paths make and free.
import { type Allocated, KFREE, KMALLOC, type ObjectType } from '../heap.js';
import type { Step } from '../op.js';
import { SleepingSteps } from './sleeping-steps.js';

export abstract class MemorySteps<out Task> extends SleepingSteps<Task> {
  /**
   * A new object, or null where the allocation fails: the strategy's choice, within the scenario's `faults`.
   * An event only where some could fail. `label` is the object's name for people, by default its type's.
   */
  kmalloc<T extends Allocated>(type: ObjectType<T>, label: string = type.name): Step<T | null> {
    if (this.machine.allocator.mayFail) return this.op.make(KMALLOC, type, label) as Step<T | null>;
    return this.give(this.machine.allocator.next(this.slot, type, label));
  }

  /** From here on every access to the object is a panic. */
  kfree(object: Allocated): Step<void> {
    return this.op.make(KFREE, object) as Step<void>;
  }
}
