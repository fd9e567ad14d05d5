// Telling the properties, and checking: no events.
import { EMIT } from '../context/instant.js';
import type { Lock } from '../locks/lock.js';
import { HALT, type Step } from '../op.js';
import type { MachineEvent } from '../property.js';
import { LoopingSteps } from './looping-steps.js';

export abstract class TellingSteps<out Task> extends LoopingSteps<Task> {
  /** Announces something to the properties. */
  emit<Payload>(event: MachineEvent<Payload>, payload: NoInfer<Payload>): Step<void> {
    return this.now(EMIT, undefined, event, payload) as Step<void>;
  }

  /** A panic if the condition is true; the thread never goes on then. */
  BUG_ON(condition: boolean, message: string): Step<void> {
    if (!condition) return this.give(undefined);
    const op = this.op.make(HALT, undefined);
    this.machine.panic(op, `BUG: ${message}`);
    return op as Step<void>;
  }

  /** A panic if the condition is false. */
  assert(condition: boolean, message = 'assertion failed'): Step<void> {
    return this.BUG_ON(!condition, message);
  }

  /** A warning if the condition is true; returns the condition. */
  WARN_ON(condition: boolean, message: string): Step<boolean> {
    if (condition) this.machine.warn(this.slot.index, `WARNING: ${message}`);
    return this.give(condition);
  }

  /** A warning if the thread does not hold the lock in any mode. */
  lockdep_assert_held(lock: Lock): Step<void> {
    if (!lock.isHeldBy(this.slot.index)) this.#notHeld(lock);
    return this.give(undefined);
  }

  #notHeld(lock: Lock): void {
    this.machine.warn(
      this.slot.index,
      `WARNING: lockdep_assert_held(${lock.name}): it is not held`,
    );
  }
}
