// 0e04388f0189 "cgroup: fix a race condition in manipulating tsk->cg_list", after v2.6.25.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

/** A task that exits is not put on a list: it may be past the only place that takes it off. */
export const testExiting: Patch<V2626> = (Base) =>
  class TestExiting extends Base {
    /** The condition of cgroup_enable_task_cg_lists(), kernel/cgroup.c:1819, v2.6.26. Under task_lock. */
    override *may_enable(cpu: Cpu, task: task_struct): Path<boolean> {
      return !(yield* this.is_exiting(cpu, task)) && (yield* super.may_enable(cpu, task));
    }
  };
