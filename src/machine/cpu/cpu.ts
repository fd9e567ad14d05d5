// What a path may do, under the kernel's names. Every method returns a step: take it with `yield*`.
import { Instant } from '../context/instant.js';
import type { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Primitive, Step } from '../op.js';
import type { Thread } from '../thread.js';
import { TellingSteps } from './telling-steps.js';

/** The primitives. `Task` is what `current` is. */
export class Cpu<out Task = unknown> extends TellingSteps<Task> {
  /** The same CPU, on which locks of one class are not taken: for mutants. */
  without(lockClass: string): Cpu<Task> {
    return new DeafCpu(this.machine, this.slot, this.boundTask, lockClass) as Cpu<Task>;
  }
}

/** Leaves out every operation on locks of one class. */
class DeafCpu extends Cpu {
  readonly #lockClass: string;
  readonly #nothing = new Instant();

  constructor(machine: Machine, thread: Thread, current: unknown, lockClass: string) {
    super(machine, thread);
    this.bind(current);
    this.#lockClass = lockClass;
  }

  protected override lock(primitive: Primitive, lock: Lock, argument?: unknown): Step<unknown> {
    if (lock.lockClass !== this.#lockClass) return super.lock(primitive, lock, argument);
    return this.#nothing.give(true);
  }

  override lockdep_assert_held(lock: Lock): Step<void> {
    if (lock.lockClass !== this.#lockClass) return super.lockdep_assert_held(lock);
    return this.#nothing.give(undefined) as Step<void>;
  }
}
