// v6.12: the four steps of a migration. Sources and destinations are on lists of their own, a source that is its own
// destination is dropped, and all tasks that are on the taskset are moved or none.
import type { ListHead, Path } from '../../../../machine/index.js';
import { ENOMEM } from '../../../errno.js';
import type { KernelClass } from '../../../patch.js';
import type { cgroup, css_set } from '../../css-set.js';
import type { Cpu, task_struct } from '../../task.js';
import type { cgroup_taskset } from '../../taskset.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';

/** What this part adds. */
export interface Mgctx {
  init_mgctx(cpu: Cpu): Path<ListHead<css_set>>;
  cgroup_migrate_add_task(cpu: Cpu, task: task_struct, tset: cgroup_taskset): Path;
  cgroup_migrate_execute(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path<number>;
}

/** struct cgroup_mgctx is what is on the kernel stack of the thread. */
export const migrate = (
  Base: KernelClass<Until612 & CssSets>,
): KernelClass<Until612 & CssSets & Mgctx> =>
  class Migrate612 extends Base {
    /** DEFINE_CGROUP_MGCTX(): fresh lists on the stack, no step. Returns the list of sources. */
    *init_mgctx(cpu: Cpu): Path<ListHead<css_set>> {
      const { preloaded_src_csets, preloaded_dst_csets, tset } = this.stack(cpu.thread);
      yield* this.init_list_head(cpu, preloaded_src_csets);
      yield* this.init_list_head(cpu, preloaded_dst_csets);
      yield* this.init_taskset(cpu, tset);
      return preloaded_src_csets;
    }

    /** cgroup_migrate_add_src(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex and css_set_lock. */
    override *cgroup_migrate_add_src(
      cpu: Cpu,
      src_cset: css_set,
      dst_cgrp: cgroup,
      preloaded_src_csets: ListHead<css_set>,
    ): Path {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      if (!(yield* cpu.list_empty(src_cset.mg_src_preload_node))) return;
      const src_cgrp = yield* this.cset_cgroup_from_root(cpu, src_cset, dst_cgrp);
      const isSource = (yield* cpu.read(src_cset.mg_src_cgrp)) !== null;
      yield* cpu.WARN_ON(isSource, 'mg_src_cgrp of a new source is set');
      const goesSomewhere = (yield* cpu.read(src_cset.mg_dst_cgrp)) !== null;
      yield* cpu.WARN_ON(goesSomewhere, 'mg_dst_cgrp of a new source is set');
      const busy = !(yield* cpu.list_empty(src_cset.mg_tasks));
      yield* cpu.WARN_ON(busy, 'mg_tasks of a new source is not empty');
      const chained = !(yield* cpu.list_empty(src_cset.mg_node));
      yield* cpu.WARN_ON(chained, 'mg_node of a new source is on a list');
      yield* cpu.write(src_cset.mg_src_cgrp, src_cgrp);
      yield* cpu.write(src_cset.mg_dst_cgrp, dst_cgrp);
      yield* this.get_css_set(cpu, src_cset);
      yield* cpu.list_add_tail(src_cset.mg_src_preload_node, preloaded_src_csets);
    }

    /**
     * cgroup_migrate_prepare_dst(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex; find_css_set() takes
     * css_set_lock. After -ENOMEM the caller finishes all the same.
     * Leaves out: the mask of subsystems that see a difference: here those of the hierarchy do.
     */
    override *cgroup_migrate_prepare_dst(
      cpu: Cpu,
      _dst_cgrp: cgroup,
      preloaded_src_csets: ListHead<css_set>,
    ): Path<number> {
      const { preloaded_dst_csets } = this.stack(cpu.thread);
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      let src_cset = yield* cpu.list_first(preloaded_src_csets);
      while (src_cset !== undefined) {
        const next: css_set | undefined = yield* cpu.list_next(
          src_cset.mg_src_preload_node,
          preloaded_src_csets,
        );
        const dst_cgrp = (yield* cpu.read(src_cset.mg_dst_cgrp)) as cgroup;
        const dst_cset = yield* this.find_css_set(cpu, src_cset, dst_cgrp);
        if (dst_cset === null) return -ENOMEM;
        const paired =
          (yield* cpu.read(src_cset.mg_dst_cset)) !== null ||
          (yield* cpu.read(dst_cset.mg_dst_cset)) !== null;
        yield* cpu.WARN_ON(paired, 'mg_dst_cset of a source or destination is set');
        if (src_cset === dst_cset) {
          yield* cpu.write(src_cset.mg_src_cgrp, null);
          yield* cpu.write(src_cset.mg_dst_cgrp, null);
          yield* cpu.list_del_init(src_cset.mg_src_preload_node);
          yield* this.put_css_set(cpu, src_cset, false);
          yield* this.put_css_set(cpu, dst_cset, false);
        } else {
          yield* cpu.write(src_cset.mg_dst_cset, dst_cset);
          if (yield* cpu.list_empty(dst_cset.mg_dst_preload_node)) {
            yield* cpu.list_add_tail(dst_cset.mg_dst_preload_node, preloaded_dst_csets);
          } else {
            yield* this.put_css_set(cpu, dst_cset, false);
          }
        }
        src_cset = next;
      }
      return 0;
    }

    /** cgroup_migrate_add_task(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. */
    *cgroup_migrate_add_task(cpu: Cpu, task: task_struct, tset: cgroup_taskset): Path {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      if (yield* this.is_exiting(cpu, task)) return;
      const unlinked = yield* cpu.list_empty(task.cg_list);
      yield* cpu.WARN_ON(unlinked, 'migration of a task that is on no list');
      const cset = yield* cpu.read(task.cgroups);
      if ((yield* cpu.read(cset.mg_src_cgrp)) === null) return;
      yield* this.move_to_mg_tasks(cpu, task, cset);
      if (yield* cpu.list_empty(cset.mg_node)) {
        yield* cpu.list_add_tail(cset.mg_node, tset.src_csets);
      }
      const dst_cset = (yield* cpu.read(cset.mg_dst_cset)) as css_set;
      if (yield* cpu.list_empty(dst_cset.mg_node)) {
        yield* cpu.list_add_tail(dst_cset.mg_node, tset.dst_csets);
      }
    }

    /**
     * cgroup_migrate(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex and cgroup_threadgroup_rwsem (write). That
     * spin_lock_irq() is a read section of RCU, too, on which the walk over threads relies, stands here as one.
     */
    override *cgroup_migrate(
      cpu: Cpu,
      cgrp: cgroup,
      leader: task_struct,
      threadgroup: boolean,
    ): Path<number> {
      const { tset } = this.stack(cpu.thread);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      if (threadgroup) yield* this.rcu_read_lock(cpu);
      let task: task_struct | undefined = leader;
      while (task !== undefined) {
        yield* this.cgroup_migrate_add_task(cpu, task, tset);
        task = threadgroup ? yield* this.next_thread(cpu, task, leader) : undefined;
      }
      if (threadgroup) yield* this.rcu_read_unlock(cpu);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      return yield* this.cgroup_migrate_execute(cpu, cgrp, tset);
    }

    /**
     * cgroup_migrate_execute(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex and cgroup_threadgroup_rwsem (write);
     * takes css_set_lock twice. Subsystems are called only where there is a task: tset.nr_tasks.
     */
    *cgroup_migrate_execute(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path<number> {
      const some = !(yield* cpu.list_empty(tset.src_csets));
      const ret = some ? yield* this.subsys_can_attach(cpu, cgrp, tset) : 0;
      if (ret === 0) {
        yield* this.commit_taskset(cpu, tset);
        if (some) yield* this.subsys_attach(cpu, cgrp, tset);
      }
      yield* this.release_taskset(cpu, tset);
      yield* this.init_taskset(cpu, tset);
      return ret;
    }

    /** Its commit loop. Takes css_set_lock. Leaves out: the frozen state of the task. */
    override *commit_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
      yield* cpu.spin_lock_irq(this.css_set_lock);
      let cset = yield* cpu.list_first(tset.src_csets);
      while (cset !== undefined) {
        let task = yield* cpu.list_first(cset.mg_tasks);
        while (task !== undefined) {
          const next: task_struct | undefined = yield* cpu.list_next(task.cg_list, cset.mg_tasks);
          const from = yield* cpu.read(task.cgroups);
          const to = (yield* cpu.read(cset.mg_dst_cset)) as css_set;
          yield* this.get_css_set(cpu, to);
          yield* cpu.fetch_add(to.nr_tasks, 1);
          yield* this.css_set_move_task(cpu, task, from, to, true);
          yield* cpu.emit(this.events.task_committed, { task, from, to });
          yield* cpu.fetch_add(from.nr_tasks, -1);
          yield* this.put_css_set_locked(cpu, from, false);
          task = next;
        }
        cset = yield* cpu.list_next(cset.mg_node, tset.src_csets);
      }
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      yield* cpu.init(tset.csets, tset.dst_csets);
    }

    /** Its label out_release_tset. Takes css_set_lock. */
    override *release_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.list_splice_tail_init(tset.dst_csets, tset.src_csets);
      for (;;) {
        const cset = yield* cpu.list_first(tset.src_csets);
        if (cset === undefined) break;
        yield* cpu.list_splice_tail_init(cset.mg_tasks, cset.tasks);
        yield* cpu.list_del_init(cset.mg_node);
      }
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }

    /** cgroup_migrate_finish(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex; takes css_set_lock. */
    override *cgroup_migrate_finish(cpu: Cpu, preloaded_src_csets: ListHead<css_set>): Path {
      const { preloaded_dst_csets } = this.stack(cpu.thread);
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      for (;;) {
        const cset = yield* cpu.list_first(preloaded_src_csets);
        if (cset === undefined) break;
        yield* this.finish_cset(cpu, cset, cset.mg_src_preload_node);
      }
      for (;;) {
        const cset = yield* cpu.list_first(preloaded_dst_csets);
        if (cset === undefined) break;
        yield* this.finish_cset(cpu, cset, cset.mg_dst_preload_node);
      }
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }

    /** The body of both of its loops. */
    *finish_cset(cpu: Cpu, cset: css_set, node: ListHead<css_set>): Path {
      yield* cpu.write(cset.mg_src_cgrp, null);
      yield* cpu.write(cset.mg_dst_cgrp, null);
      yield* cpu.write(cset.mg_dst_cset, null);
      yield* cpu.list_del_init(node);
      yield* this.put_css_set_locked(cpu, cset, false);
    }

    /** cgroup_attach_task(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex and cgroup_threadgroup_rwsem (write). */
    override *cgroup_attach_task(
      cpu: Cpu,
      dst_cgrp: cgroup,
      leader: task_struct,
      threadgroup: boolean,
    ): Path<number> {
      const sources = yield* this.init_mgctx(cpu);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* this.rcu_read_lock(cpu);
      let task: task_struct | undefined = leader;
      while (task !== undefined) {
        yield* this.cgroup_migrate_add_src(cpu, yield* cpu.read(task.cgroups), dst_cgrp, sources);
        task = threadgroup ? yield* this.next_thread(cpu, task, leader) : undefined;
      }
      yield* this.rcu_read_unlock(cpu);
      yield* cpu.spin_unlock_irq(this.css_set_lock);

      let ret = yield* this.cgroup_migrate_prepare_dst(cpu, dst_cgrp, sources);
      if (ret === 0) ret = yield* this.cgroup_migrate(cpu, dst_cgrp, leader, threadgroup);
      yield* this.cgroup_migrate_finish(cpu, sources);
      return ret;
    }
  };
