// 0001, c75611282cf1 "cgroup: add css_set->mg_tasks": a second list of tasks per css_set. Nothing puts a task on it
// yet, but whoever walks the tasks walks both.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import { type css_task_iter, iterAt } from '../iter.js';
import type { Cpu, task_struct } from '../task.js';

export const p0001: Patch<For315> = (Base) =>
  class P0001 extends Base {
    /** css_advance_task_iter(), kernel/cgroup.c:2782, v3.15. Under css_set_rwsem. */
    override *css_advance_task_iter(cpu: Cpu, it: css_task_iter): Path<css_task_iter> {
      const [cgrp, at] = it;
      const links = cgrp.cset_links;
      let link =
        at === undefined
          ? yield* cpu.list_first(links)
          : yield* cpu.list_next(at[0].cset_link, links);
      while (link !== undefined) {
        const cset = yield* cpu.read(link.cset);
        const task = (yield* cpu.list_first(cset.tasks)) ?? (yield* cpu.list_first(cset.mg_tasks));
        if (task !== undefined) return iterAt(cgrp, link, task);
        link = yield* cpu.list_next(link.cset_link, links);
      }
      return iterAt(cgrp);
    }

    /** css_task_iter_next(), kernel/cgroup.c:2844, v3.15. Under css_set_rwsem. */
    override *css_task_iter_next(
      cpu: Cpu,
      it: css_task_iter,
    ): Path<readonly [task: task_struct | undefined, it: css_task_iter]> {
      const [cgrp, at] = it;
      if (at === undefined) return Object.freeze([undefined, it] as const);
      const [link, task] = at;
      const cset = yield* cpu.read(link.cset);
      let next = yield* cpu.read(task.cg_list.next);
      if (next === cset.tasks) next = yield* cpu.read(cset.mg_tasks.next);
      const then =
        next === cset.mg_tasks
          ? yield* this.css_advance_task_iter(cpu, it)
          : iterAt(cgrp, link, next.container as task_struct);
      return Object.freeze([task, then] as const);
    }
  };
