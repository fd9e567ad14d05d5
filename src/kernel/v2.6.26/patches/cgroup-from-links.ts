// 7717f7ba92de "cgroups: add a back-pointer from struct cg_cgroup_link to struct cgroup", v2.6.32: meant for
// hierarchies without subsystems, it has cgroup_attach_task() find the old cgroup under css_set_lock.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const cgroupFromLinks: Patch<V2626> = (Base) =>
  class CgroupFromLinks extends Base {
    /** In cgroup_attach_task(): task_cgroup_from_root(), kernel/cgroup.c:609, at that commit. Under cgroup_mutex. */
    override *cgroup_of_target(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.read_lock(this.css_set_lock);
      const cset = yield* cpu.read(task.cgroups);
      const cgroups = yield* cpu.read(cset.subsys);
      yield* cpu.read_unlock(this.css_set_lock);
      return cgroups[like.root.index] as cgroup;
    }
  };
