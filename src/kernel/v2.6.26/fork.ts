// copy_process() as far as cgroups can be raced against.
import type { Path } from '../../machine/index.js';
import { ENOMEM, ERESTARTNOINTR } from '../errno.js';
import { CgroupForkExit } from './cgroup-fork-exit.js';
import { CLONE_THREAD, type Cpu, sighand_struct, signal_struct, task_struct } from './task.js';

export abstract class Fork extends CgroupForkExit {
  /** put_task_struct(), include/linux/sched.h, v2.6.26. Leaves out: what else the last reference frees. */
  *put_task_struct(cpu: Cpu, task: task_struct): Path {
    if (yield* cpu.atomic_dec_and_test(task.usage)) yield* cpu.kfree(task);
  }

  /** get_task_struct(), include/linux/sched.h, v2.6.26. The caller knows that the task exists. */
  *get_task_struct(cpu: Cpu, task: task_struct): Path {
    yield* cpu.atomic_inc(task.usage);
  }

  /**
   * dup_task_struct(), kernel/fork.c, v2.6.26. Null where the allocation failed.
   * Leaves out: the copy of what no path of this era reads, and the second reference, which goes at the last switch.
   */
  *dup_task_struct(cpu: Cpu): Path<task_struct | null> {
    const child = yield* cpu.kmalloc(task_struct, 'child');
    if (child === null) return null;
    yield* cpu.init(child.usage, 1);
    yield* cpu.init(child.cgroups, this.init_css_set);
    yield* cpu.init(this.objects_known, true);
    return child;
  }

  /** copy_sighand(), kernel/fork.c, v2.6.26. Leaves out: the count, and the actions. */
  *copy_sighand(cpu: Cpu, clone_flags: number, child: task_struct): Path<number> {
    if ((clone_flags & CLONE_THREAD) !== 0) {
      yield* cpu.init(child.sighand, yield* cpu.read(cpu.current.sighand));
      return 0;
    }
    const sighand = yield* cpu.kmalloc(sighand_struct, 'child->sighand');
    if (sighand === null) return -ENOMEM;
    yield* cpu.init(child.sighand, sighand);
    return 0;
  }

  /** copy_signal(), kernel/fork.c, v2.6.26. Leaves out: the count, and the limits, under the leader's task_lock. */
  *copy_signal(cpu: Cpu, clone_flags: number, child: task_struct): Path<number> {
    if ((clone_flags & CLONE_THREAD) !== 0) {
      yield* cpu.init(child.signal, yield* cpu.read(cpu.current.signal));
      return 0;
    }
    const signal = yield* cpu.kmalloc(signal_struct, 'child->signal');
    if (signal === null) return -ENOMEM;
    yield* cpu.init(child.signal, signal);
    return 0;
  }

  /**
   * copy_process(), kernel/fork.c:871, v2.6.26, for a process, or with CLONE_THREAD for a thread of current.
   * Returns the child, which does not run yet, or a negative error number. The caller holds nothing.
   * Leaves out: what its elisions list.
   */
  *copy_process(cpu: Cpu, clone_flags = 0): Path<task_struct | number> {
    const parent = cpu.current;
    const isThread = (clone_flags & CLONE_THREAD) !== 0;
    const child = yield* this.dup_task_struct(cpu);
    if (child === null) return -ENOMEM;
    yield* this.cgroup_fork(cpu, child);

    let ret = yield* this.copy_sighand(cpu, clone_flags, child);
    if (ret === 0) ret = yield* this.copy_signal(cpu, clone_flags, child);
    if (ret !== 0) return yield* this.bad_fork(cpu, child, false, ret);
    const leader = isThread ? yield* cpu.read(parent.group_leader) : child;
    yield* cpu.init(child.group_leader, leader);
    yield* this.cgroup_fork_callbacks(cpu, child);

    ret = yield* this.publish_child(cpu, child, leader);
    if (ret !== 0) return yield* this.bad_fork(cpu, child, true, ret);
    yield* this.cgroup_post_fork(cpu, child);
    yield* cpu.emit(this.events.post_fork_done, { child, parent });
    return child;
  }

  /**
   * The part of copy_process() that makes the child visible, and gives up where a signal is pending. Takes
   * tasklist_lock (write, irq) > siglock.
   */
  *publish_child(cpu: Cpu, child: task_struct, leader: task_struct): Path<number> {
    const parent = cpu.current;
    yield* cpu.write_lock_irq(this.tasklist_lock);
    const { siglock } = yield* cpu.read(parent.sighand);
    yield* cpu.spin_lock(siglock);
    if (yield* cpu.read(parent.sigpending)) {
      yield* cpu.spin_unlock(siglock);
      yield* cpu.write_unlock_irq(this.tasklist_lock);
      return -ERESTARTNOINTR;
    }
    if (leader !== child) {
      yield* cpu.list_add_tail(child.thread_group, leader.thread_group);
    } else {
      yield* cpu.list_add_tail(child.tasks, this.init_task_tasks);
    }
    yield* cpu.write(this.hashed(child), true);
    yield* cpu.spin_unlock(siglock);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    return 0;
  }

  /** The error labels of copy_process() from bad_fork_cleanup_cgroup on, kernel/fork.c:1257, v2.6.26. */
  *bad_fork(cpu: Cpu, child: task_struct, callbacksDone: boolean, ret: number): Path<number> {
    yield* this.cgroup_exit(cpu, child, callbacksDone);
    yield* cpu.emit(this.events.fork_failed, { child, parent: cpu.current, ret });
    yield* cpu.kfree(child);
    return ret;
  }
}
