// ec64f51545ff "cgroup: fix frequent -EBUSY at rmdir" (v2.6.30): where a css has references, rmdir waits until they are
// given back, for pre_destroy() is taken to have left none that stay.
import type { Cpu, Path } from '../../../machine/index.js';
import { Loop } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import { CGRP_WAIT_ON_RMDIR } from '../css.js';
import type { V2629 } from '../rmdir.js';

export const wait: Patch<V2629> = (Base) =>
  class Wait extends Base {
    /** cgroup_wakeup_rmdir_waiters(), kernel/cgroup.c, v2.6.30. */
    override *last_css_put(cpu: Cpu): Path {
      if (((yield* cpu.READ_ONCE(this.flags)) & CGRP_WAIT_ON_RMDIR) === 0) return;
      yield* cpu.wake_up_all(this.cgroup_rmdir_waitq);
    }

    /** cgroup_rmdir(), kernel/cgroup.c, v2.6.30, from the label `again`. Leaves out: signals, besides. */
    override *cgroup_rmdir(cpu: Cpu): Path<number> {
      const again = new Loop('again');
      for (;;) {
        yield* cpu.loop(again);
        if (!(yield* this.is_unused(cpu))) return yield* this.refuse(cpu, true);
        yield* this.pre_destroy(cpu);
        yield* cpu.mutex_lock(this.cgroup_mutex);
        if ((yield* cpu.atomic_read(this.count)) !== 0) {
          yield* cpu.mutex_unlock(this.cgroup_mutex);
          return yield* this.refuse(cpu, true);
        }
        yield* cpu.set_bit(this.flags, CGRP_WAIT_ON_RMDIR);
        yield* cpu.prepare_to_wait(this.cgroup_rmdir_waitq);
        const cleared = yield* this.cgroup_clear_css_refs(cpu);
        if (!cleared) {
          yield* cpu.mutex_unlock(this.cgroup_mutex);
          yield* cpu.schedule();
        }
        yield* cpu.finish_wait(this.cgroup_rmdir_waitq);
        yield* cpu.clear_bit(this.flags, CGRP_WAIT_ON_RMDIR);
        if (cleared) return yield* this.remove(cpu);
      }
    }
  };
