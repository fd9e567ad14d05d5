// 77efecd9e052 "cgroups: call find_css_set() safely in cgroup_attach_task()", v2.6.29.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

/** The css_set that the task leaves is read under its lock, and held while find_css_set() looks at it. */
export const holdOldCssSet: Patch<V2626> = (Base) =>
  class HoldOldCssSet extends Base {
    override *old_css_set_at_entry(_cpu: Cpu, _task: task_struct): Path<css_set | undefined> {
      return undefined;
    }

    /** In cgroup_attach_task(), kernel/cgroup.c:1237, v2.6.29. Under cgroup_mutex; takes task_lock. */
    override *find_both_css_sets(
      cpu: Cpu,
      task: task_struct,
      _early: css_set | undefined,
      cgrp: cgroup,
    ): Path<readonly [cg: css_set, newcg: css_set | null]> {
      yield* cpu.spin_lock(task.alloc_lock);
      const cg = yield* cpu.read(task.cgroups);
      yield* this.get_css_set(cpu, cg);
      yield* cpu.spin_unlock(task.alloc_lock);
      const newcg = yield* this.find_css_set(cpu, cg, cgrp);
      yield* this.put_css_set(cpu, cg);
      return Object.freeze([cg, newcg] as const);
    }
  };
