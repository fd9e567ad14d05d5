// percpu_ref: not steps but short paths of steps, as in the kernel.
import type { Path, Step } from '../op.js';
import * as percpuRef from '../rcu/percpu-ref.js';
import type { PercpuRef } from '../rcu/percpu-ref.js';
import type { Cpu } from './cpu.js';
import { RcuSteps } from './rcu-steps.js';

export abstract class PercpuRefSteps<out Task> extends RcuSteps<Task> {
  percpu_ref_get(ref: PercpuRef): Path {
    return percpuRef.percpu_ref_get(this.#cpu, ref);
  }

  /** Returns whether it took a reference: it fails only when none is left. */
  percpu_ref_tryget(ref: PercpuRef): Path<boolean> {
    return percpuRef.percpu_ref_tryget(this.#cpu, ref);
  }

  /** Returns whether it took a reference: it fails once the kill is seen. */
  percpu_ref_tryget_live(ref: PercpuRef): Path<boolean> {
    return percpuRef.percpu_ref_tryget_live(this.#cpu, ref);
  }

  percpu_ref_put(ref: PercpuRef): Path {
    return percpuRef.percpu_ref_put(this.#cpu, ref);
  }

  /** Drops the initial reference when a grace period has ended. Once only. */
  percpu_ref_kill(ref: PercpuRef): Path {
    return percpuRef.percpu_ref_kill_and_confirm(this.#cpu, ref);
  }

  /** The same; `confirm` runs when no percpu_ref_tryget_live() can succeed any more. It may not sleep. */
  percpu_ref_kill_and_confirm(ref: PercpuRef, confirm: (cpu: Cpu) => Path<unknown>): Path {
    return percpuRef.percpu_ref_kill_and_confirm(this.#cpu, ref, confirm);
  }

  percpu_ref_is_dying(ref: PercpuRef): Step<boolean> {
    return this.READ_ONCE(ref.dead);
  }

  percpu_ref_is_zero(ref: PercpuRef): Path<boolean> {
    return percpuRef.percpu_ref_is_zero(this.#cpu, ref);
  }

  /** For percpu_ref_kill() alone. */
  percpu_ref_sum(ref: PercpuRef): Step<number> {
    return percpuRef.sumOf(this.op, ref);
  }

  /** This object as those paths know it. */
  get #cpu(): Cpu {
    return this as unknown as Cpu;
  }
}
