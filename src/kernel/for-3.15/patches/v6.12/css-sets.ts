// v6.12: css_sets under css_set_lock, a spinlock with interrupts off. Tasks are moved by one function that pushes
// iterators on and counts populated css_sets; a task keeps its css_set, and a reference on it, until it is freed.
import type { Lock, Path, Spinlock } from '../../../../machine/index.js';
import type { KernelClass } from '../../../patch.js';
import { type cgroup, cgrp_cset_link, css_set } from '../../css-set.js';
import { CSS_TASK_ITER_SKIPPED } from '../../iterator.js';
import type { Cpu, task_struct } from '../../task.js';
import type { Until612 } from './history.js';

/** What this part adds. */
export interface CssSets {
  readonly css_set_lock: Spinlock;
  css_set_move_task(
    cpu: Cpu,
    task: task_struct,
    from_cset: css_set | null,
    to_cset: css_set | null,
    use_mg_tasks: boolean,
  ): Path;
  css_set_skip_task_iters(cpu: Cpu, cset: css_set, task: task_struct): Path;
}

export const cssSets = (Base: KernelClass<Until612>): KernelClass<Until612 & CssSets> =>
  class CssSets612 extends Base {
    readonly css_set_lock = this.machine.spinlock('css_set_lock');

    override get membershipLock(): Lock {
      return this.css_set_lock;
    }

    /** A dying task is on a list, too, but it is no member any more. */
    override isLinked(task: task_struct): boolean {
      return super.isLinked(task) && !task.cgroups.peek().dying_tasks.peekAll().includes(task);
    }

    override holdsReference(task: task_struct): boolean {
      return task.cgroups.peek() !== this.init_css_set;
    }

    override firstListDefect(): string | undefined {
      let defect = super.firstListDefect();
      for (const { dying_tasks, task_iters } of this.css_sets()) {
        defect ??= dying_tasks.peekDefect() ?? task_iters.peekDefect();
      }
      return defect;
    }

    /** Besides, the task counts, and makes its css_set populated. */
    override settleReference(cset: css_set, linked: boolean): void {
      super.settleReference(cset, linked);
      const machine = this.machine;
      const before = cset.nr_tasks.peek();
      machine.settle(cset.nr_tasks, before + 1);
      if (before > 0) return;
      for (const link of cset.cgrp_links.peekAll()) {
        const { nr_populated_csets } = link.cgrp.peek();
        machine.settle(nr_populated_csets, nr_populated_csets.peek() + 1);
      }
    }

    /** put_css_set(), kernel/cgroup/cgroup-internal.h, v6.12. Takes css_set_lock for the last reference. */
    override *put_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
      if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
      const flags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
      yield* this.put_css_set_locked(cpu, cset, taskexit);
      yield* cpu.spin_unlock_irqrestore(this.css_set_lock, flags);
    }

    /**
     * put_css_set_locked(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock.
     * Leaves out: references on cgroups and csses, threaded css_sets, css_set_count, the grace period of kfree_rcu().
     */
    override *put_css_set_locked(cpu: Cpu, cset: css_set, _taskexit: boolean): Path {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
      yield* cpu.list_del_init(cset.hlist);
      for (;;) {
        const link = yield* cpu.list_first(cset.cgrp_links);
        if (link === undefined) break;
        yield* cpu.list_del(link.cset_link);
        yield* cpu.list_del(link.cgrp_link);
        yield* cpu.kfree(link);
      }
      yield* cpu.emit(this.events.css_set_freed, { cset });
      yield* cpu.kfree(cset);
    }

    /** link_css_set(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. Leaves out: the reference on the cgroup. */
    override *link_css_set(cpu: Cpu, link: cgrp_cset_link, cset: css_set, cgrp: cgroup): Path {
      yield* cpu.init(link.cset, cset);
      yield* cpu.init(link.cgrp, cgrp);
      yield* cpu.list_add_tail(link.cset_link, cgrp.cset_links);
      yield* cpu.list_add_tail(link.cgrp_link, cset.cgrp_links);
    }

    /**
     * find_css_set(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex; takes css_set_lock, and allocates without it.
     * Returns a reference, or null where an allocation failed.
     * Leaves out: css_set_count, references on csses, threaded css_sets.
     */
    override *find_css_set(cpu: Cpu, old_cset: css_set, cgrp: cgroup): Path<css_set | null> {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      const [template, existing] = yield* this.find_existing_css_set(cpu, old_cset, cgrp);
      if (existing !== undefined) yield* this.get_css_set(cpu, existing);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      if (existing !== undefined) return existing;

      const cset = yield* cpu.kmalloc(css_set, 'new_cset');
      if (cset === null) return null;
      const links: cgrp_cset_link[] = [];
      while (links.length < this.tops.length) {
        const link = yield* cpu.kmalloc(cgrp_cset_link, 'link');
        if (link === null) {
          for (const allocated of links) yield* cpu.kfree(allocated);
          yield* cpu.kfree(cset);
          return null;
        }
        links.push(link);
      }
      yield* cpu.init(cset.refcount, 1);
      yield* cpu.init(cset.subsys, template);
      yield* cpu.init(this.objects_known, true);

      yield* cpu.spin_lock_irq(this.css_set_lock);
      let old_link = yield* cpu.list_first(old_cset.cgrp_links);
      for (const link of links) {
        yield* cpu.BUG_ON(old_link === undefined, 'fewer links than hierarchies');
        if (old_link === undefined) break;
        const c = yield* cpu.read(old_link.cgrp);
        yield* this.link_css_set(cpu, link, cset, c.root === cgrp.root ? cgrp : c);
        old_link = yield* cpu.list_next(old_link.cgrp_link, old_cset.cgrp_links);
      }
      yield* cpu.list_add(cset.hlist, this.css_set_table);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      return cset;
    }

    /** cset_cgroup_from_root(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. Leaves out: the walk along cgrp_links. */
    override *cset_cgroup_from_root(cpu: Cpu, cset: css_set, like: cgroup): Path<cgroup> {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      return (yield* cpu.read(cset.subsys))[like.root.index] as cgroup;
    }

    /** css_set_populated(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. */
    *css_set_populated(cpu: Cpu, cset: css_set): Path<boolean> {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      return !(yield* cpu.list_empty(cset.tasks)) || !(yield* cpu.list_empty(cset.mg_tasks));
    }

    /**
     * css_set_update_populated(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock.
     * Leaves out: the counts of ancestors, the release agent, and the notification of cgroup.events.
     */
    *css_set_update_populated(cpu: Cpu, cset: css_set, populated: boolean): Path {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      let link = yield* cpu.list_first(cset.cgrp_links);
      while (link !== undefined) {
        const cgrp = yield* cpu.read(link.cgrp);
        yield* cpu.fetch_add(cgrp.nr_populated_csets, populated ? 1 : -1);
        link = yield* cpu.list_next(link.cgrp_link, cset.cgrp_links);
      }
    }

    /** css_set_skip_task_iters() and css_task_iter_skip(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. */
    *css_set_skip_task_iters(cpu: Cpu, cset: css_set, task: task_struct): Path {
      let it = yield* cpu.list_first(cset.task_iters);
      while (it !== undefined) {
        const next = yield* cpu.list_next(it.iters_node, cset.task_iters);
        if ((yield* cpu.read(it.task_pos)) === task.cg_list) {
          yield* cpu.write(it.task_pos, yield* cpu.read(task.cg_list.next));
          yield* cpu.set_bits(it.flags, CSS_TASK_ITER_SKIPPED);
        }
        it = next;
      }
    }

    /**
     * css_set_move_task(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock; the references are the caller's.
     * Leaves out: the pressure states of cgroup_move_task(), which without CONFIG_PSI stores the pointer alone.
     */
    *css_set_move_task(
      cpu: Cpu,
      task: task_struct,
      from_cset: css_set | null,
      to_cset: css_set | null,
      use_mg_tasks: boolean,
    ): Path {
      yield* cpu.lockdep_assert_held(this.css_set_lock);
      if (to_cset !== null && !(yield* this.css_set_populated(cpu, to_cset))) {
        yield* this.css_set_update_populated(cpu, to_cset, true);
      }
      const unlinked = yield* cpu.list_empty(task.cg_list);
      if (from_cset !== null) {
        yield* cpu.WARN_ON(unlinked, 'css_set_move_task() of a task that is on no list');
        yield* this.css_set_skip_task_iters(cpu, from_cset, task);
        yield* cpu.list_del_init(task.cg_list);
        if (!(yield* this.css_set_populated(cpu, from_cset))) {
          yield* this.css_set_update_populated(cpu, from_cset, false);
        }
      } else {
        yield* cpu.WARN_ON(!unlinked, 'css_set_move_task() of a new task that is on a list');
      }
      if (to_cset === null) return;
      const exiting = yield* this.is_exiting(cpu, task);
      yield* cpu.WARN_ON(exiting, 'css_set_move_task() of an exiting task');
      yield* cpu.write(task.cgroups, to_cset);
      yield* cpu.list_add_tail(task.cg_list, use_mg_tasks ? to_cset.mg_tasks : to_cset.tasks);
    }
  };
