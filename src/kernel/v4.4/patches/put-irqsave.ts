// Not upstream: half of 82d6489d0fed, the half that the warning asks for.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu, css_set } from '../state.js';
import type { V44 } from '../v4.4.js';

/** put_css_set() keeps the interrupt flag, and nobody else turns interrupts off. */
export const putIrqsave: Patch<V44> = (Base) =>
  class PutIrqsave extends Base {
    override *put_css_set(cpu: Cpu, cset: css_set): Path {
      if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
      const flags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
      yield* this.put_css_set_locked(cpu, cset);
      yield* cpu.spin_unlock_irqrestore(this.css_set_lock, flags);
    }
  };
