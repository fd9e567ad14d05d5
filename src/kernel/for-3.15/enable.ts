// Putting the tasks that exist at the first mount on the lists of their css_sets.
import type { Path } from '../../machine/index.js';
import type { css_set } from './css-set.js';
import { Iter } from './iter.js';
import { type Cpu, PF_EXITING, type task_struct } from './task.js';

export abstract class Enable extends Iter {
  /** What task->cgroups was protected by before 0006: task_lock(). The patch overrides this pair alone. */
  *lock_task_cgroups(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
  }

  *unlock_task_cgroups(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /**
   * cgroup_mount(), kernel/cgroup.c:1482, v3.15: its first statement. The caller holds nothing.
   * Leaves out: everything else that a mount does.
   */
  *cgroup_mount(cpu: Cpu): Path {
    if (!(yield* cpu.read(this.use_task_css_set_links))) {
      yield* this.cgroup_enable_task_cg_lists(cpu);
    }
  }

  /**
   * cgroup_enable_task_cg_lists(), reconstructed from v3.14.1 (kernel/cgroup.c:2889) and v3.15 (1326). The
   * caller holds nothing; css_set_rwsem > tasklist_lock (read) > task_lock.
   */
  *cgroup_enable_task_cg_lists(cpu: Cpu): Path {
    yield* cpu.down_write(this.css_set_rwsem);
    if (!(yield* cpu.read(this.use_task_css_set_links))) {
      yield* cpu.write(this.use_task_css_set_links, true);
      yield* cpu.read_lock(this.tasklist_lock);
      let leader = yield* cpu.list_first(this.init_task_tasks);
      while (leader !== undefined) {
        let task: task_struct | undefined = leader;
        while (task !== undefined) {
          yield* this.enable_task(cpu, task);
          task = yield* cpu.list_next(task.thread_group, leader.thread_group);
        }
        leader = yield* cpu.list_next(leader.tasks, this.init_task_tasks);
      }
      yield* cpu.read_unlock(this.tasklist_lock);
    }
    yield* cpu.up_write(this.css_set_rwsem);
  }

  /** The body of the loop of cgroup_enable_task_cg_lists(), for one task. */
  *enable_task(cpu: Cpu, task: task_struct): Path {
    yield* this.lock_task_cgroups(cpu, task);
    const linked = !(yield* cpu.list_empty(task.cg_list));
    const elsewhere = (yield* cpu.read(task.cgroups)) !== this.init_css_set;
    yield* cpu.WARN_ON(
      linked || elsewhere,
      'a task was linked, or not in init_css_set, before the first mount',
    );
    yield* this.link_unless_exiting(cpu, task);
    yield* this.unlock_task_cgroups(cpu, task);
  }

  /** The part of it that the siglock fix wraps. */
  *link_unless_exiting(cpu: Cpu, task: task_struct): Path {
    if (yield* this.is_exiting(cpu, task)) return;
    const cset = yield* cpu.read(task.cgroups);
    yield* cpu.list_add(task.cg_list, cset.tasks);
    yield* cpu.emit(this.events.task_linked, { task, cset, by: 'enable' });
    yield* this.take_linked(cpu, cset);
  }

  /** Before 0005 every task has had its reference since cgroup_fork(), so that linking takes none. */
  *take_linked(_cpu: Cpu, _cset: css_set): Path {}

  /** The test of PF_EXITING; one read. */
  *is_exiting(cpu: Cpu, task: task_struct): Path<boolean> {
    return ((yield* cpu.read(task.flags)) & PF_EXITING) !== 0;
  }
}
