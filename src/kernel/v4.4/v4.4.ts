// v4.4, where css_set_lock is a spinning lock again (f0d9a5f17575), taken with softirqs off, and an exited task keeps
// its css_set until it is freed (2e91fa7f6d45): only what these two need of each other.
import type { Path } from '../../machine/index.js';
import { ENOMEM } from '../errno.js';
import { PF_EXITING } from '../for-3.15/task.js';
import { type Cpu, type css_set, State, task_struct } from './state.js';

export class V44 extends State {
  /** How process context takes css_set_lock: spin_lock_bh(). The patch overrides these four alone. */
  *lock_css_sets(cpu: Cpu): Path {
    yield* cpu.spin_lock_bh(this.css_set_lock);
  }

  *unlock_css_sets(cpu: Cpu): Path {
    yield* cpu.spin_unlock_bh(this.css_set_lock);
  }

  /** get_css_set(), kernel/cgroup.c, v4.4. */
  *get_css_set(cpu: Cpu, cset: css_set): Path {
    yield* cpu.atomic_inc(cset.refcount);
  }

  /** put_css_set(), kernel/cgroup.c, v4.4. Any context; takes css_set_lock for the last reference. */
  *put_css_set(cpu: Cpu, cset: css_set): Path {
    if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
    yield* cpu.spin_lock_bh(this.css_set_lock);
    yield* this.put_css_set_locked(cpu, cset);
    yield* cpu.spin_unlock_bh(this.css_set_lock);
  }

  /** put_css_set_locked(), kernel/cgroup.c, v4.4. Under css_set_lock. Leaves out: links, css_put(), kfree_rcu(). */
  *put_css_set_locked(cpu: Cpu, cset: css_set): Path {
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
    yield* cpu.list_del_init(cset.hlist);
    yield* cpu.kfree(cset);
  }

  /** put_task_struct() with __put_task_struct() and cgroup_free(), kernel/fork.c, v4.4. Any context. */
  *put_task_struct(cpu: Cpu, task: task_struct): Path {
    if (!(yield* cpu.atomic_dec_and_test(task.usage))) return;
    yield* this.put_css_set(cpu, yield* cpu.read(task.cgroups));
    yield* cpu.kfree(task);
  }

  /** dl_task_timer(), kernel/sched/deadline.c, v4.4: its end. A hard interrupt. Leaves out: the runqueue. */
  *dl_task_timer(cpu: Cpu, task: task_struct): Path {
    yield* this.put_task_struct(cpu, task);
  }

  /** Reading a tasks file: css_task_iter, kernel/cgroup.c, v4.4, over one css_set at once. Returns how many there are. */
  *count_tasks(cpu: Cpu, cset: css_set): Path<number> {
    let count = 0;
    yield* this.lock_css_sets(cpu);
    let task = yield* cpu.list_first(cset.tasks);
    while (task !== undefined) {
      count++;
      task = yield* cpu.list_next(task.cg_list, cset.tasks);
    }
    yield* this.unlock_css_sets(cpu);
    return count;
  }

  /**
   * copy_process(), kernel/fork.c, v4.4: a child appears on the tasklist, and cgroup_post_fork() links it. The caller
   * holds nothing. Leaves out: all else, and cgroup_threadgroup_rwsem around it.
   */
  *copy_process(cpu: Cpu): Path<number> {
    const child = yield* cpu.kmalloc(task_struct, 'child');
    if (child === null) return -ENOMEM;
    yield* cpu.init(child.usage, 1);
    yield* cpu.init(child.cgroups, this.init_css_set);
    yield* cpu.write_lock_irq(this.tasklist_lock);
    yield* cpu.list_add_tail(child.tasks, this.init_task_tasks);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    yield* this.cgroup_post_fork(cpu, child);
    return 0;
  }

  /** cgroup_post_fork(), kernel/cgroup.c, v4.4. The caller holds nothing; takes css_set_lock. */
  *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
    if (!(yield* cpu.read(this.use_task_css_set_links))) return;
    yield* this.lock_css_sets(cpu);
    const cset = yield* cpu.read(cpu.current.cgroups);
    if (yield* cpu.list_empty(child.cg_list)) {
      yield* cpu.write(child.cgroups, cset);
      yield* cpu.list_add_tail(child.cg_list, cset.tasks);
      yield* this.get_css_set(cpu, cset);
    }
    yield* this.unlock_css_sets(cpu);
  }

  /** do_wait(), kernel/exit.c, v4.4: a look at the children, under tasklist_lock (read), interrupts on. */
  *do_wait(cpu: Cpu): Path<boolean> {
    yield* cpu.read_lock(this.tasklist_lock);
    const nobody = yield* cpu.list_empty(this.init_task_tasks);
    yield* cpu.read_unlock(this.tasklist_lock);
    return nobody;
  }

  /**
   * cgroup_enable_task_cg_lists(), kernel/cgroup.c, v4.4. The caller holds nothing; css_set_lock > tasklist_lock
   * (read) > siglock. Leaves out: the threads of a process but the leader.
   */
  *cgroup_enable_task_cg_lists(cpu: Cpu): Path {
    yield* this.lock_css_sets(cpu);
    if (!(yield* cpu.read(this.use_task_css_set_links))) {
      yield* cpu.write(this.use_task_css_set_links, true);
      yield* cpu.read_lock(this.tasklist_lock);
      yield* this.link_all(cpu);
      yield* cpu.read_unlock(this.tasklist_lock);
    }
    yield* this.unlock_css_sets(cpu);
  }

  /** Its loop. */
  *link_all(cpu: Cpu): Path {
    let task = yield* cpu.list_first(this.init_task_tasks);
    while (task !== undefined) {
      yield* this.lock_sighand(cpu, task);
      if (((yield* cpu.read(task.flags)) & PF_EXITING) === 0) {
        const cset = yield* cpu.read(task.cgroups);
        yield* cpu.list_add_tail(task.cg_list, cset.tasks);
        yield* this.get_css_set(cpu, cset);
      }
      yield* this.unlock_sighand(cpu, task);
      task = yield* cpu.list_next(task.tasks, this.init_task_tasks);
    }
  }

  /** siglock in that loop: interrupts are on around it. */
  *lock_sighand(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock_irq(task.siglock);
  }

  *unlock_sighand(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_unlock_irq(task.siglock);
  }
}
