// 2019f634ce59 "cgroups: fix cgroup_iter_next() bug", v2.6.29: the end of a list is known by the css_set that is
// walked, and not by the one that the task points to.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import { type cgroup_iter, iterAt } from '../iter.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const iterByLink: Patch<V2626> = (Base) =>
  class IterByLink extends Base {
    /** cgroup_iter_next(), kernel/cgroup.c, v2.6.29. Under css_set_lock. */
    override *cgroup_iter_next(
      cpu: Cpu,
      it: cgroup_iter,
    ): Path<readonly [task: task_struct | undefined, it: cgroup_iter]> {
      const [cgrp, at] = it;
      if (at === undefined) return Object.freeze([undefined, it] as const);
      const [link, task] = at;
      const cset = yield* cpu.read(link.cg);
      const next = yield* cpu.list_next(task.cg_list, cset.tasks);
      const then =
        next === undefined ? yield* this.cgroup_advance_iter(cpu, it) : iterAt(cgrp, link, next);
      return Object.freeze([task, then] as const);
    }
  };
