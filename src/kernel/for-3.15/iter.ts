// Walking the tasks of a cgroup: css_set by css_set, along the list of each.
import type { Path } from '../../machine/index.js';
import type { cgroup, cgrp_cset_link } from './css-set.js';
import { FindCssSet } from './find-css-set.js';
import type { Cpu, task_struct } from './task.js';

/** Where a walk stands: the cgroup, and unless it is at the end, the link of the css_set and the task to return. */
export type css_task_iter = readonly [
  cgrp: cgroup,
  at: readonly [link: cgrp_cset_link, task: task_struct] | undefined,
];

/** A walk at its end, or before a task. Frozen, as all that paths hand to each other. */
export function iterAt(cgrp: cgroup, link?: cgrp_cset_link, task?: task_struct): css_task_iter {
  const at = link && task ? Object.freeze([link, task] as const) : undefined;
  return Object.freeze([cgrp, at] as const);
}

export abstract class Iter extends FindCssSet {
  /**
   * css_advance_task_iter(): the next css_set that has tasks. Reconstructed from v3.14.1 (kernel/cgroup.c:3113)
   * and v3.15 (2782). Under css_set_rwsem.
   */
  *css_advance_task_iter(cpu: Cpu, it: css_task_iter): Path<css_task_iter> {
    const [cgrp, at] = it;
    const links = cgrp.cset_links;
    let link =
      at === undefined
        ? yield* cpu.list_first(links)
        : yield* cpu.list_next(at[0].cset_link, links);
    while (link !== undefined) {
      const cset = yield* cpu.read(link.cset);
      const task = yield* cpu.list_first(cset.tasks);
      if (task !== undefined) return iterAt(cgrp, link, task);
      link = yield* cpu.list_next(link.cset_link, links);
    }
    return iterAt(cgrp);
  }

  /** css_task_iter_start(), kernel/cgroup.c:2821, v3.15. Returns with css_set_rwsem held for reading. */
  *css_task_iter_start(cpu: Cpu, cgrp: cgroup): Path<css_task_iter> {
    const enabled = yield* cpu.read(this.use_task_css_set_links);
    yield* cpu.WARN_ON(!enabled, 'css_task_iter_start() before the first mount');
    yield* cpu.down_read(this.css_set_rwsem);
    return yield* this.css_advance_task_iter(cpu, iterAt(cgrp));
  }

  /**
   * css_task_iter_next(): the task, and where the walk stands then. Reconstructed from v3.14.1
   * (kernel/cgroup.c:3175) and v3.15 (2844). Under css_set_rwsem; takes no reference, skips nobody.
   */
  *css_task_iter_next(
    cpu: Cpu,
    it: css_task_iter,
  ): Path<readonly [task: task_struct | undefined, it: css_task_iter]> {
    const [cgrp, at] = it;
    if (at === undefined) return Object.freeze([undefined, it] as const);
    const [link, task] = at;
    const cset = yield* cpu.read(link.cset);
    const next = yield* cpu.list_next(task.cg_list, cset.tasks);
    const then =
      next === undefined ? yield* this.css_advance_task_iter(cpu, it) : iterAt(cgrp, link, next);
    return Object.freeze([task, then] as const);
  }

  /** css_task_iter_end(), kernel/cgroup.c:2880, v3.15. */
  *css_task_iter_end(cpu: Cpu): Path {
    yield* cpu.up_read(this.css_set_rwsem);
  }

  /**
   * pidlist_array_load(), kernel/cgroup.c:3232, v3.15: what a read of `tasks` shows. The caller holds nothing; takes
   * css_set_rwsem for reading. Leaves out: the array with its length, which cgroup_task_count() says before the walk,
   * sorting, and the pids.
   */
  *pidlist_array_load(cpu: Cpu, cgrp: cgroup): Path<readonly task_struct[]> {
    const tasks: task_struct[] = [];
    let it = yield* this.css_task_iter_start(cpu, cgrp);
    for (;;) {
      const [task, then] = yield* this.css_task_iter_next(cpu, it);
      if (task === undefined) break;
      tasks.push(task);
      it = then;
    }
    const listed = Object.freeze(tasks);
    yield* cpu.emit(this.events.tasks_listed, { cgrp, tasks: listed, by: cpu.thread });
    yield* this.css_task_iter_end(cpu);
    return listed;
  }
}
