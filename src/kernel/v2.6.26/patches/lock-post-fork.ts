// b12b533fa523 "cgroups: add lock for child->cgroups in cgroup_post_fork()", v2.6.29.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const lockPostFork: Patch<V2626> = (Base) =>
  class LockPostFork extends Base {
    /** In cgroup_post_fork(). Under css_set_lock; takes task_lock(child). */
    override *link_child(cpu: Cpu, child: task_struct): Path {
      yield* cpu.spin_lock(child.alloc_lock);
      yield* super.link_child(cpu, child);
      yield* cpu.spin_unlock(child.alloc_lock);
    }
  };
