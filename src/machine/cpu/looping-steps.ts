// Loops that wait or retry, and what the kernel writes into them.
import { type Loop, SPIN } from '../liveness/loop.js';
import { type Operation, Primitive, type Step } from '../op.js';
import { TimeSteps } from './time-steps.js';

const act = (op: Operation): void => {
  op.machine.contexts.mightSleep(op);
};
const COND_RESCHED = new Primitive({ name: 'cond_resched', act });
const YIELD = new Primitive({ name: 'yield', act });

export abstract class LoopingSteps<out Task> extends TimeSteps<Task> {
  /**
   * The head of a loop that waits for others or tries again: take it first in each round. `locals` are the local
   * variables that the rest of the path depends on and that change from round to round. No event, except where the
   * round that ends here has changed nothing: then it is one, and waits until something is different.
   * @example
   * const retry = new Loop('retry');
   * for (;;) {
   *   yield* cpu.loop(retry);
   *   if ((yield* cpu.read(flag)) === 1) break;
   * }
   */
  loop(loop: Loop, ...locals: readonly unknown[]): Step<void> {
    const spin = this.machine.loops.arrive(this.slot, loop, locals);
    if (spin === undefined) return this.give(undefined);
    return this.op.make(SPIN, loop, spin) as Step<void>;
  }

  /** No event: a step of another CPU can come in anywhere. What ends a futile round is the loop's head. */
  cpu_relax(): Step<void> {
    return this.give(undefined);
  }

  /** might_sleep(), and no event: wherever a thread may be preempted it can be, asked for or not. */
  cond_resched(): Step<void> {
    return this.mightSleep(COND_RESCHED);
  }

  /** The same: the scheduler needs no hint to let others go on. */
  yield(): Step<void> {
    return this.mightSleep(YIELD);
  }

  /** might_sleep(): a panic where the thread may not sleep (K-01). No event. */
  protected mightSleep(primitive: Primitive): Step<void> {
    if (!this.machine.contexts.isAtomic(this.slot)) return this.give(undefined);
    return this.now(primitive, undefined) as Step<void>;
  }
}
