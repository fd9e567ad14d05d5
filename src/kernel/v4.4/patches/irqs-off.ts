// 82d6489d0fed "cgroup: Disable IRQs while holding css_set_lock" (v4.7).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu, css_set, task_struct } from '../state.js';
import type { V44 } from '../v4.4.js';

export const irqsOff: Patch<V44> = (Base) =>
  class IrqsOff extends Base {
    override *lock_css_sets(cpu: Cpu): Path {
      yield* cpu.spin_lock_irq(this.css_set_lock);
    }

    override *unlock_css_sets(cpu: Cpu): Path {
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }

    /** put_css_set(), as of the backport to v4.4.y: it may come in an interrupt, so it keeps what was. */
    override *put_css_set(cpu: Cpu, cset: css_set): Path {
      if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
      const flags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
      yield* this.put_css_set_locked(cpu, cset);
      yield* cpu.spin_unlock_irqrestore(this.css_set_lock, flags);
    }

    /** Interrupts are off by then, and must stay off. */
    override *lock_sighand(cpu: Cpu, task: task_struct): Path {
      yield* cpu.spin_lock(task.siglock);
    }

    override *unlock_sighand(cpu: Cpu, task: task_struct): Path {
      yield* cpu.spin_unlock(task.siglock);
    }
  };
