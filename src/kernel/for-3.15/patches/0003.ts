// 0003 "cgroup: separate out cset_group_from_root() from task_cgroup_from_root()": a css_set is enough to
// know the cgroup, no task is needed. Behaves as before.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';

/** What 0003 adds. */
export interface CsetCgroupFromRoot {
  cset_cgroup_from_root(cpu: Cpu, cset: css_set, like: cgroup): Path<cgroup>;
}

export const p0003: Patch<For315, CsetCgroupFromRoot> = (Base) =>
  class P0003 extends Base {
    /**
     * cset_cgroup_from_root(), kernel/cgroup.c:775, v3.15. Under cgroup_mutex and css_set_rwsem.
     * `like` is any cgroup of the hierarchy asked for.
     * Leaves out: the walk along cgrp_links, which the css_set's tuple of cgroups stands for.
     */
    *cset_cgroup_from_root(cpu: Cpu, cset: css_set, like: cgroup): Path<cgroup> {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.lockdep_assert_held(this.css_set_rwsem);
      const res = (yield* cpu.read(cset.subsys))[like.root.index];
      yield* cpu.BUG_ON(res === undefined, 'a css_set without a cgroup in the hierarchy');
      return res as cgroup;
    }

    /** task_cgroup_from_root(), kernel/cgroup.c:806, v3.15. Under cgroup_mutex and css_set_rwsem. */
    override *task_cgroup_from_root(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
      return yield* this.cset_cgroup_from_root(cpu, yield* cpu.read(task.cgroups), like);
    }
  };
