// v6.12: walking the tasks of a cgroup, with css_set_lock for one step of the walk at a time. Between two steps the
// walk is registered with the css_set that it stands in, and has a reference on that and on the task it has returned.
import type { ListHead, Path } from '../../../../machine/index.js';
import type { KernelClass } from '../../../patch.js';
import type { cgroup, cgrp_cset_link, css_set } from '../../css-set.js';
import { type css_task_iter, iterAt } from '../../iter.js';
import {
  CSS_TASK_ITER_PROCS,
  CSS_TASK_ITER_SKIPPED,
  type css_task_iterator,
} from '../../iterator.js';
import type { Cpu, task_struct } from '../../task.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';

/** What this part adds. */
export interface Walks {
  css_task_iter_start(cpu: Cpu, cgrp: cgroup, flags?: number): Path<css_task_iter>;
  css_task_iter_advance(cpu: Cpu, it: css_task_iterator): Path;
}

/** The iterator is that of the thread's kernel stack; what paths hand on to each other says only which cgroup it walks. */
export const iter = (
  Base: KernelClass<Until612 & CssSets>,
): KernelClass<Until612 & CssSets & Walks> =>
  class Iter612 extends Base {
    /** css_task_iter_next_css_set(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. Leaves out: threaded css_sets. */
    *css_task_iter_next_css_set(cpu: Cpu, it: css_task_iterator): Path<css_set | undefined> {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      const pos = (yield* cpu.read(it.cset_pos)) as ListHead<cgrp_cset_link>;
      const head = (yield* cpu.read(it.cset_head)) as ListHead<cgrp_cset_link>;
      const link = yield* cpu.list_next(pos, head);
      yield* cpu.write(it.cset_pos, link === undefined ? null : link.cset_link);
      return link === undefined ? undefined : yield* cpu.read(link.cset);
    }

    /** css_task_iter_advance_css_set(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. */
    *css_task_iter_advance_css_set(cpu: Cpu, it: css_task_iterator): Path {
      let head: ListHead<task_struct> | undefined;
      let cset: css_set | undefined;
      for (;;) {
        cset = yield* this.css_task_iter_next_css_set(cpu, it);
        if (cset === undefined) break;
        if (!(yield* cpu.list_empty(cset.tasks))) head = cset.tasks;
        else if (!(yield* cpu.list_empty(cset.mg_tasks))) head = cset.mg_tasks;
        else if (!(yield* cpu.list_empty(cset.dying_tasks))) head = cset.dying_tasks;
        if (head !== undefined) break;
      }
      if (cset === undefined || head === undefined) {
        yield* cpu.write(it.task_pos, null);
        return;
      }
      yield* cpu.write(it.cur_tasks_head, head);
      yield* cpu.write(it.task_pos, yield* cpu.read(head.next));
      const left = yield* cpu.read(it.cur_cset);
      if (left !== null) {
        yield* cpu.list_del(it.iters_node);
        yield* this.put_css_set_locked(cpu, left, false);
      }
      yield* this.get_css_set(cpu, cset);
      yield* cpu.write(it.cur_cset, cset);
      yield* cpu.list_add(it.iters_node, cset.task_iters);
    }

    /** The first half of css_task_iter_advance(): one place on. Under css_set_lock. */
    *css_task_iter_step(cpu: Cpu, it: css_task_iterator): Path {
      let pos = yield* cpu.read(it.task_pos);
      if (pos === null) {
        yield* this.css_task_iter_advance_css_set(cpu, it);
        return;
      }
      const flags = yield* cpu.read(it.flags);
      if ((flags & CSS_TASK_ITER_SKIPPED) !== 0) {
        yield* cpu.write(it.flags, flags & ~CSS_TASK_ITER_SKIPPED);
      } else {
        pos = yield* cpu.read(pos.next);
        yield* cpu.write(it.task_pos, pos);
      }
      const { tasks, mg_tasks, dying_tasks } = (yield* cpu.read(it.cur_cset)) as css_set;
      if (pos === tasks) pos = yield* this.css_task_iter_turn_to(cpu, it, mg_tasks);
      if (pos === mg_tasks) pos = yield* this.css_task_iter_turn_to(cpu, it, dying_tasks);
      if (pos === dying_tasks) yield* this.css_task_iter_advance_css_set(cpu, it);
    }

    /** A list has come to its end: the next one of the css_set. */
    *css_task_iter_turn_to(
      cpu: Cpu,
      it: css_task_iterator,
      head: ListHead<task_struct>,
    ): Path<ListHead<unknown>> {
      const pos = yield* cpu.read(head.next);
      yield* cpu.write(it.cur_tasks_head, head);
      yield* cpu.write(it.task_pos, pos);
      return pos;
    }

    /**
     * css_task_iter_advance(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. A walk over processes meets leaders,
     * dead ones as long as a thread lives; any other walk meets nobody who is dying.
     */
    *css_task_iter_advance(cpu: Cpu, it: css_task_iterator): Path {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      for (;;) {
        yield* this.css_task_iter_step(cpu, it);
        const pos = yield* cpu.read(it.task_pos);
        if (pos === null) return;
        const task = pos.container as task_struct;
        const { dying_tasks } = (yield* cpu.read(it.cur_cset)) as css_set;
        const dying = (yield* cpu.read(it.cur_tasks_head)) === dying_tasks;
        if (((yield* cpu.read(it.flags)) & CSS_TASK_ITER_PROCS) === 0) {
          if (!dying) return;
          continue;
        }
        if ((yield* cpu.read(task.group_leader)) !== task) continue;
        if (!dying) return;
        if ((yield* cpu.read((yield* cpu.read(task.signal)).live)) > 0) return;
      }
    }

    /** css_task_iter_start(), kernel/cgroup/cgroup.c, v6.12. The caller holds nothing, or cgroup_mutex; returns so. */
    override *css_task_iter_start(cpu: Cpu, cgrp: cgroup, flags = 0): Path<css_task_iter> {
      const { it } = this.stack(cpu.thread);
      yield* cpu.init(it.flags, flags);
      yield* cpu.init(it.cset_pos, cgrp.cset_links);
      yield* cpu.init(it.cset_head, cgrp.cset_links);
      yield* cpu.init(it.cur_cset, null);
      yield* cpu.init(it.cur_tasks_head, null);
      yield* cpu.init(it.task_pos, null);
      yield* cpu.init(it.cur_task, null);
      const irqflags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
      yield* cpu.emit(this.events.walk_started, { cgrp, by: cpu.thread });
      yield* this.css_task_iter_advance(cpu, it);
      yield* cpu.spin_unlock_irqrestore(this.css_set_lock, irqflags);
      return iterAt(cgrp);
    }

    /** css_task_iter_next(), kernel/cgroup/cgroup.c, v6.12. Takes css_set_lock; the task has a reference until the next. */
    override *css_task_iter_next(
      cpu: Cpu,
      walk: css_task_iter,
    ): Path<readonly [task: task_struct | undefined, it: css_task_iter]> {
      const { it } = this.stack(cpu.thread);
      const last = yield* cpu.read(it.cur_task);
      if (last !== null) {
        yield* this.put_task_struct(cpu, last);
        yield* cpu.write(it.cur_task, null);
      }
      let task: task_struct | undefined;
      const irqflags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
      if (((yield* cpu.read(it.flags)) & CSS_TASK_ITER_SKIPPED) !== 0) {
        yield* this.css_task_iter_advance(cpu, it);
      }
      const pos = yield* cpu.read(it.task_pos);
      if (pos !== null) {
        task = pos.container as task_struct;
        yield* cpu.write(it.cur_task, task);
        yield* this.get_task_struct(cpu, task);
        yield* this.css_task_iter_advance(cpu, it);
      }
      yield* cpu.spin_unlock_irqrestore(this.css_set_lock, irqflags);
      return Object.freeze([task, walk] as const);
    }

    /** css_task_iter_end(), kernel/cgroup/cgroup.c, v6.12. */
    override *css_task_iter_end(cpu: Cpu): Path {
      const { it } = this.stack(cpu.thread);
      const cset = yield* cpu.read(it.cur_cset);
      if (cset !== null) {
        const irqflags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
        yield* cpu.list_del(it.iters_node);
        yield* this.put_css_set_locked(cpu, cset, false);
        yield* cpu.spin_unlock_irqrestore(this.css_set_lock, irqflags);
      }
      const last = yield* cpu.read(it.cur_task);
      if (last !== null) yield* this.put_task_struct(cpu, last);
    }
  };
