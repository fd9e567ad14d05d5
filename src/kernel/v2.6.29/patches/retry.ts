// 887032670d47 "cgroup: avoid permanent sleep at rmdir" (v2.6.31): who may leave a reference behind that stays says so, and
// rmdir calls pre_destroy() again. The flag is set before pre_destroy(), and rmdir sleeps only while it is set.
import type { Cpu, Path } from '../../../machine/index.js';
import { Loop } from '../../../machine/index.js';
import { requires } from '../../patch.js';
import { CGRP_WAIT_ON_RMDIR } from '../css.js';
import type { V2629 } from '../rmdir.js';
import { wait } from './wait.js';

export const retry = requires<V2629, unknown>(
  wait,
  (Base) =>
    class Retry extends Base {
      /** cgroup_wakeup_rmdir_waiter(), kernel/cgroup.c, v2.6.31: the flag goes, whether or not anybody sleeps. */
      override *last_css_put(cpu: Cpu): Path {
        yield* this.cgroup_wakeup_rmdir_waiter(cpu);
      }

      *cgroup_wakeup_rmdir_waiter(cpu: Cpu): Path {
        const isSet = ((yield* cpu.READ_ONCE(this.flags)) & CGRP_WAIT_ON_RMDIR) !== 0;
        if (!isSet) return;
        yield* cpu.clear_bit(this.flags, CGRP_WAIT_ON_RMDIR);
        yield* cpu.wake_up_all(this.cgroup_rmdir_waitq);
      }

      /** __mem_cgroup_commit_charge_swapin(), mm/memcontrol.c, v2.6.31: cgroup_exclude_rmdir() and its end around it. */
      override *commit_charge_swapin(cpu: Cpu): Path {
        yield* cpu.atomic_inc(this.refcnt);
        yield* super.commit_charge_swapin(cpu);
        yield* this.cgroup_wakeup_rmdir_waiter(cpu);
        yield* this.css_put(cpu);
      }

      /** cgroup_rmdir(), kernel/cgroup.c, v2.6.31, from the label `again`. Leaves out: signals, besides. */
      override *cgroup_rmdir(cpu: Cpu): Path<number> {
        const again = new Loop('again');
        for (;;) {
          yield* cpu.loop(again);
          if (!(yield* this.is_unused(cpu))) return yield* this.refuse(cpu, true);
          yield* cpu.set_bit(this.flags, CGRP_WAIT_ON_RMDIR);
          yield* this.pre_destroy(cpu);
          yield* cpu.mutex_lock(this.cgroup_mutex);
          if ((yield* cpu.atomic_read(this.count)) !== 0) {
            yield* cpu.clear_bit(this.flags, CGRP_WAIT_ON_RMDIR);
            yield* cpu.mutex_unlock(this.cgroup_mutex);
            return yield* this.refuse(cpu, true);
          }
          yield* cpu.prepare_to_wait(this.cgroup_rmdir_waitq);
          const cleared = yield* this.cgroup_clear_css_refs(cpu);
          if (!cleared) {
            yield* cpu.mutex_unlock(this.cgroup_mutex);
            const isSet = ((yield* cpu.READ_ONCE(this.flags)) & CGRP_WAIT_ON_RMDIR) !== 0;
            if (isSet) yield* cpu.schedule();
          }
          yield* cpu.finish_wait(this.cgroup_rmdir_waitq);
          yield* cpu.clear_bit(this.flags, CGRP_WAIT_ON_RMDIR);
          if (cleared) return yield* this.remove(cpu);
        }
      }
    },
);
