// 3ce3230a0cff "cgroup: Walk task list under tasklist_lock in cgroup_enable_task_cg_list", 2012.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const walkTasklist: Patch<V2626> = (Base) =>
  class WalkTasklist extends Base {
    /** In cgroup_enable_task_cg_lists(). Under css_set_lock; takes tasklist_lock for reading. */
    override *begin_task_walk(cpu: Cpu): Path {
      yield* cpu.read_lock(this.tasklist_lock);
    }

    override *end_task_walk(cpu: Cpu): Path {
      yield* cpu.read_unlock(this.tasklist_lock);
    }
  };
