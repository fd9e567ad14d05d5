// 0006 "cgroup: drop task_lock() protection around task->cgroups": css_set_rwsem, or PF_EXITING, protects
// it alone. Upstream the pair in cgroup_fork() had gone with 0005; where 0005 is left out it goes here.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';

export const p0006: Patch<For315> = (Base) =>
  class P0006 extends Base {
    /** Nothing is taken, in any of the functions that took task_lock() for task->cgroups. */
    override *lock_task_cgroups(_cpu: Cpu, _task: task_struct): Path {}

    override *unlock_task_cgroups(_cpu: Cpu, _task: task_struct): Path {}
  };
