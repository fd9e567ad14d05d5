// Reading the tasks of a cgroup, css_set by css_set. Lists of tasks are kept only from the first such walk on, which
// first puts everybody on the list of his css_set.
import type { Path } from '../../machine/index.js';
import type { cg_cgroup_link, cgroup } from './css-set.js';
import { FindCssSet } from './find-css-set.js';
import { type Cpu, PF_EXITING, type task_struct } from './task.js';

/** Where a walk stands: the cgroup, and unless it is at the end, the link of the css_set and the task to return. */
export type cgroup_iter = readonly [
  cgrp: cgroup,
  at: readonly [cg_link: cg_cgroup_link, task: task_struct] | undefined,
];

/** A walk at its end, or before a task. Frozen, as all that paths hand to each other. */
export function iterAt(cgrp: cgroup, cg_link?: cg_cgroup_link, task?: task_struct): cgroup_iter {
  const at = cg_link && task ? Object.freeze([cg_link, task] as const) : undefined;
  return Object.freeze([cgrp, at] as const);
}

export abstract class Iter extends FindCssSet {
  /** cgroup_advance_iter(), kernel/cgroup.c:1777, v2.6.26: the next css_set that has tasks. Under css_set_lock. */
  *cgroup_advance_iter(cpu: Cpu, it: cgroup_iter): Path<cgroup_iter> {
    const [cgrp, at] = it;
    let link =
      at === undefined
        ? yield* cpu.list_first(cgrp.css_sets)
        : yield* cpu.list_next(at[0].cgrp_link_list, cgrp.css_sets);
    while (link !== undefined) {
      const cset = yield* cpu.read(link.cg);
      const task = yield* cpu.list_first(cset.tasks);
      if (task !== undefined) return iterAt(cgrp, link, task);
      link = yield* cpu.list_next(link.cgrp_link_list, cgrp.css_sets);
    }
    return iterAt(cgrp);
  }

  /**
   * cgroup_enable_task_cg_lists(), kernel/cgroup.c:1807, v2.6.26, without the test of PF_EXITING, which is the first
   * patch. The caller holds nothing; css_set_lock > task_lock.
   */
  *cgroup_enable_task_cg_lists(cpu: Cpu): Path {
    yield* cpu.write_lock(this.css_set_lock);
    yield* cpu.write(this.use_task_css_set_links, true);
    yield* this.begin_task_walk(cpu);
    let leader = yield* cpu.list_first(this.init_task_tasks);
    while (leader !== undefined) {
      let task: task_struct | undefined = leader;
      while (task !== undefined) {
        yield* this.enable_task(cpu, task);
        task = yield* cpu.list_next(task.thread_group, leader.thread_group);
      }
      leader = yield* cpu.list_next(leader.tasks, this.init_task_tasks);
    }
    yield* this.end_task_walk(cpu);
    yield* cpu.write_unlock(this.css_set_lock);
  }

  /**
   * What do_each_thread() relies on here. The C takes nothing: it has preemption off, under css_set_lock, which is a
   * read section of classic RCU. (With CONFIG_PREEMPT_RCU, new in 2.6.25, it is none.)
   */
  *begin_task_walk(cpu: Cpu): Path {
    yield* cpu.rcu_read_lock();
  }

  *end_task_walk(cpu: Cpu): Path {
    yield* cpu.rcu_read_unlock();
  }

  /** The body of the loop of cgroup_enable_task_cg_lists(), for one task. Takes task_lock. */
  *enable_task(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* this.enable_unless_linked(cpu, task);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /** The statement in it. Under task_lock. */
  *enable_unless_linked(cpu: Cpu, task: task_struct): Path {
    if (!(yield* this.may_enable(cpu, task))) return;
    const cset = yield* cpu.read(task.cgroups);
    yield* cpu.list_add(task.cg_list, cset.tasks);
    yield* cpu.emit(this.events.task_linked, { task, cset, by: 'enable' });
  }

  /** Its condition. */
  *may_enable(cpu: Cpu, task: task_struct): Path<boolean> {
    return yield* cpu.list_empty(task.cg_list);
  }

  /** cgroup_iter_start(), kernel/cgroup.c:1826, v2.6.26. Returns with css_set_lock held for reading. */
  *cgroup_iter_start(cpu: Cpu, cgrp: cgroup): Path<cgroup_iter> {
    if (!(yield* cpu.read(this.use_task_css_set_links))) {
      yield* this.cgroup_enable_task_cg_lists(cpu);
    }
    yield* cpu.read_lock(this.css_set_lock);
    return yield* this.cgroup_advance_iter(cpu, iterAt(cgrp));
  }

  /**
   * cgroup_iter_next(), kernel/cgroup.c:1841, v2.6.26: the task, and where the walk stands then. Under css_set_lock.
   * The end of a list is known by task->cgroups. A head that is taken for a task is memory that is no task: BUG.
   */
  *cgroup_iter_next(
    cpu: Cpu,
    it: cgroup_iter,
  ): Path<readonly [task: task_struct | undefined, it: cgroup_iter]> {
    const [cgrp, at] = it;
    if (at === undefined) return Object.freeze([undefined, it] as const);
    const [link, task] = at;
    const next = yield* cpu.read(task.cg_list.next);
    const cset = yield* cpu.read(task.cgroups);
    if (next === cset.tasks) {
      return Object.freeze([task, yield* this.cgroup_advance_iter(cpu, it)] as const);
    }
    const following = next.container as task_struct | undefined;
    yield* cpu.BUG_ON(following === undefined, 'the head of a list is taken for a task');
    return Object.freeze([task, iterAt(cgrp, link, following)] as const);
  }

  /** cgroup_iter_end(), kernel/cgroup.c:1863, v2.6.26. */
  *cgroup_iter_end(cpu: Cpu): Path {
    yield* cpu.read_unlock(this.css_set_lock);
  }

  /**
   * pid_array_load(), kernel/cgroup.c:2054, v2.6.26: what opening a `tasks` file does. The caller holds nothing.
   * Returns how many tasks it met. Leaves out: the array, whose size was counted before.
   */
  *pid_array_load(cpu: Cpu, cgrp: cgroup): Path<number> {
    let n = 0;
    let it = yield* this.cgroup_iter_start(cpu, cgrp);
    for (;;) {
      const [task, then] = yield* this.cgroup_iter_next(cpu, it);
      if (task === undefined) break;
      yield* cpu.read(this.hashed(task));
      n++;
      it = then;
    }
    yield* this.cgroup_iter_end(cpu);
    return n;
  }

  /** The test of PF_EXITING; one read. */
  *is_exiting(cpu: Cpu, task: task_struct): Path<boolean> {
    return ((yield* cpu.read(task.flags)) & PF_EXITING) !== 0;
  }
}
