// copy_process() as far as cgroups can be raced against: the series does not touch it.
import type { Path } from '../../machine/index.js';
import { ENOMEM, ERESTARTNOINTR } from '../errno.js';
import { CgroupForkExit } from './cgroup-fork-exit.js';
import { CLONE_THREAD, type Cpu, sighand_struct, signal_struct, task_struct } from './task.js';

export abstract class Fork extends CgroupForkExit {
  /** threadgroup_change_begin(), include/linux/sched.h:2447, v3.14.1. Returns with group_rwsem held for reading. */
  *threadgroup_change_begin(cpu: Cpu, task: task_struct): Path {
    yield* cpu.down_read((yield* cpu.read(task.signal)).group_rwsem);
  }

  /** threadgroup_change_end(), include/linux/sched.h:2451, v3.14.1. */
  *threadgroup_change_end(cpu: Cpu, task: task_struct): Path {
    yield* cpu.up_read((yield* cpu.read(task.signal)).group_rwsem);
  }

  /**
   * What copy_process() does of it before cgroup_fork(), kernel/fork.c:1230, v3.14.1: only where a thread is made.
   * c9e75f0492b2 drops the condition. The caller holds nothing.
   */
  *fork_change_begin(cpu: Cpu, parent: task_struct, isThread: boolean): Path {
    if (isThread) yield* this.threadgroup_change_begin(cpu, parent);
  }

  /** Its end: after cgroup_post_fork(), and first of all where copy_process() gives up. */
  *fork_change_end(cpu: Cpu, parent: task_struct, isThread: boolean): Path {
    if (isThread) yield* this.threadgroup_change_end(cpu, parent);
  }

  /**
   * put_task_struct(), include/linux/sched.h:1756, v3.14.1, with the first warning of __put_task_struct(), kernel/fork.c:231.
   * Leaves out: the one of current, which callbacks do not have here, and what else the last reference frees.
   */
  *put_task_struct(cpu: Cpu, task: task_struct): Path {
    if (!(yield* cpu.atomic_dec_and_test(task.usage))) return;
    const exit_state = yield* cpu.read(task.exit_state);
    yield* cpu.WARN_ON(exit_state === 0, '__put_task_struct() of a task that has not exited');
    yield* cpu.kfree(task);
  }

  /** get_task_struct(), include/linux/sched.h, v3.14.1. The caller knows that the task exists. */
  *get_task_struct(cpu: Cpu, task: task_struct): Path {
    yield* cpu.atomic_inc(task.usage);
  }

  /**
   * dup_task_struct(), kernel/fork.c:293, v3.14.1. Null where the allocation failed.
   * Leaves out: the two references of which one goes at the last context switch; there is one here, and the copy
   * of what no path of this era reads.
   */
  *dup_task_struct(cpu: Cpu): Path<task_struct | null> {
    const child = yield* cpu.kmalloc(task_struct, 'child');
    if (child === null) return null;
    yield* cpu.init(child.usage, 1);
    yield* cpu.init(child.cgroups, this.init_css_set);
    yield* cpu.init(this.objects_known, true);
    return child;
  }

  /** copy_sighand(), kernel/fork.c:972, v3.14.1. Leaves out: the count, and the actions. */
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

  /** copy_signal(), kernel/fork.c:1020, v3.14.1. Leaves out: the limits, copied under the leader's task_lock. */
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
   * copy_process(), kernel/fork.c:1157, v3.14.1, for a process, or with CLONE_THREAD for a thread of current.
   * Returns the child, which does not run yet, or a negative error number. The caller holds nothing;
   * tasklist_lock (write, irq) > siglock, and for a thread group_rwsem (read) around almost everything.
   * Leaves out: what its elisions list.
   */
  *copy_process(cpu: Cpu, clone_flags = 0): Path<task_struct | number> {
    const parent = cpu.current;
    const isThread = (clone_flags & CLONE_THREAD) !== 0;
    const child = yield* this.dup_task_struct(cpu);
    if (child === null) return -ENOMEM;
    yield* this.fork_change_begin(cpu, parent, isThread);
    yield* this.cgroup_fork(cpu, child);

    let ret = yield* this.copy_sighand(cpu, clone_flags, child);
    if (ret === 0) ret = yield* this.copy_signal(cpu, clone_flags, child);
    if (ret !== 0) return yield* this.bad_fork(cpu, child, isThread, ret);
    const leader = isThread ? yield* cpu.read(parent.group_leader) : child;
    yield* cpu.init(child.group_leader, leader);

    ret = yield* this.publish_child(cpu, child, leader);
    if (ret !== 0) return yield* this.bad_fork(cpu, child, isThread, ret);
    yield* this.cgroup_post_fork(cpu, child);
    yield* cpu.emit(this.events.post_fork_done, { child, parent });
    yield* this.fork_change_end(cpu, parent, isThread);
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
      yield* cpu.fetch_add((yield* cpu.read(parent.signal)).nr_threads, 1);
      yield* cpu.list_add_tail(child.thread_group, leader.thread_group);
    } else {
      yield* cpu.list_add_tail(child.tasks, this.init_task_tasks);
    }
    yield* cpu.write(this.hashed(child), true);
    yield* cpu.spin_unlock(siglock);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    return 0;
  }

  /**
   * The error labels of copy_process() from bad_fork_cleanup_cgroup on, kernel/fork.c:1527, v3.14.1: group_rwsem
   * is dropped first. That cgroup_exit() is still called here at the end of the series is deduced: e8604cb43690,
   * which removes the call, comes later.
   */
  *bad_fork(cpu: Cpu, child: task_struct, isThread: boolean, ret: number): Path<number> {
    yield* this.fork_change_end(cpu, cpu.current, isThread);
    yield* this.cgroup_exit(cpu, child, false);
    yield* cpu.emit(this.events.fork_failed, { child, parent: cpu.current, ret });
    yield* cpu.kfree(child);
    return ret;
  }

  /** A signal arrives: signal_wake_up_state(), kernel/signal.c:687, v3.14.1. Leaves out: queueing and waking. */
  *send_signal(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock_irq(siglock);
    yield* cpu.write(task.sigpending, true);
    yield* cpu.spin_unlock_irq(siglock);
  }

  /** Not of the kernel: the process that ps would list last, or undefined. Takes tasklist_lock for reading. */
  *youngest_process(cpu: Cpu): Path<task_struct | undefined> {
    yield* cpu.read_lock(this.tasklist_lock);
    let last: task_struct | undefined;
    let task = yield* cpu.list_first(this.init_task_tasks);
    while (task !== undefined) {
      last = task;
      task = yield* cpu.list_next(task.tasks, this.init_task_tasks);
    }
    yield* cpu.read_unlock(this.tasklist_lock);
    return last;
  }
}
