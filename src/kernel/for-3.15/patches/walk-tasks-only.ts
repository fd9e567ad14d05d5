// No patch of anybody's: what 0002 would be without 0001, that is, with a walk that knows css_set->tasks only and so
// misses whoever is being migrated.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import { type css_task_iter, iterAt } from '../iter.js';
import type { Cpu, task_struct } from '../task.js';

const mixin: Patch<For315> = (Base) =>
  class WalkTasksOnly extends Base {
    /** css_advance_task_iter(), as before 0001. Under css_set_rwsem. */
    override *css_advance_task_iter(cpu: Cpu, it: css_task_iter): Path<css_task_iter> {
      const [cgrp, at] = it;
      const links = cgrp.cset_links;
      let link =
        at === undefined
          ? yield* cpu.list_first(links)
          : yield* cpu.list_next(at[0].cset_link, links);
      while (link !== undefined) {
        const task = yield* cpu.list_first((yield* cpu.read(link.cset)).tasks);
        if (task !== undefined) return iterAt(cgrp, link, task);
        link = yield* cpu.list_next(link.cset_link, links);
      }
      return iterAt(cgrp);
    }

    /** css_task_iter_next(), as before 0001. Under css_set_rwsem. */
    override *css_task_iter_next(
      cpu: Cpu,
      it: css_task_iter,
    ): Path<readonly [task: task_struct | undefined, it: css_task_iter]> {
      const [cgrp, at] = it;
      if (at === undefined) return Object.freeze([undefined, it] as const);
      const [link, task] = at;
      const next = yield* cpu.list_next(task.cg_list, (yield* cpu.read(link.cset)).tasks);
      const then =
        next === undefined ? yield* this.css_advance_task_iter(cpu, it) : iterAt(cgrp, link, next);
      return Object.freeze([task, then] as const);
    }
  };

/** Applied last, as a mutant: 0001 would put it right. */
export const walkTasksOnly: Patch<For315> = Object.assign(mixin, {
  label: 'walks that pass over mg_tasks',
});
