// do_exit() from PF_EXITING to the end of the task. The parent ignores SIGCHLD, so that nobody waits: a dead
// task is released at once, a leader with its last thread.
import type { ListHead, Path } from '../../machine/index.js';
import { Fork } from './fork.js';
import {
  type Cpu,
  EXIT_DEAD,
  EXIT_ZOMBIE,
  PF_EXITING,
  SIGNAL_GROUP_EXIT,
  type task_struct,
} from './task.js';

export abstract class Exit extends Fork {
  /**
   * exit_signals(), kernel/signal.c:2449, v3.14.1. The caller holds nothing; group_rwsem (read) > siglock.
   * A process of one thread, and one that exits as a whole, set PF_EXITING without siglock.
   * Leaves out: retargeting of signals, and group stops.
   */
  *exit_signals(cpu: Cpu, task: task_struct): Path {
    yield* this.threadgroup_change_begin(cpu, task);
    if (
      (yield* cpu.list_empty(task.thread_group)) ||
      ((yield* cpu.read((yield* cpu.read(task.signal)).flags)) & SIGNAL_GROUP_EXIT) !== 0
    ) {
      yield* cpu.set_bits(task.flags, PF_EXITING);
      yield* this.threadgroup_change_end(cpu, task);
      return;
    }
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock_irq(siglock);
    yield* cpu.set_bits(task.flags, PF_EXITING);
    yield* this.threadgroup_change_end(cpu, task);
    yield* cpu.spin_unlock_irq(siglock);
  }

  /** acct_collect(): nothing, unless CONFIG_BSD_PROCESS_ACCT is filled in (kernel/acct.c:590, v3.15.5). */
  *acct_collect(_cpu: Cpu, _task: task_struct): Path {}

  /** exit_mm(), kernel/exit.c:443, v3.14.1: its task_lock section. Leaves out: all of the mm. */
  *exit_mm(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /** exit_files(), fs/file.c, v3.14: its task_lock section. Leaves out: all of the files. */
  *exit_files(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /** exit_fs(), fs/fs_struct.c, v3.14: its task_lock section. Leaves out: fs->lock inside it. */
  *exit_fs(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /**
   * exit_task_namespaces(), kernel/exit.c:796, v3.14.1, for a task that set_last_mount() was told of: with its mount
   * namespace goes the last mount of a hierarchy without cgroups. cgroup_kill_sb() puts the root cgroup, and
   * cgroup_put() takes cgroup_mutex for its last reference (both kernel/cgroup.c, v3.15). Later kernels leave the umount
   * to a task work, which exit_task_work() runs next. One that set_exit_work() was told of waits for a work item, as
   * namespace_unlock() does from v4.10 on, when the expedited grace period became one. Leaves out: all the rest. The
   * caller holds nothing.
   */
  *exit_task_namespaces(cpu: Cpu, task: task_struct): Path {
    if (this.hasLastMount(task)) {
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
    }
    const waited = this.exitWorkOf(task);
    if (waited !== undefined) {
      yield* cpu.queue_work(waited.queue, waited.work);
      yield* cpu.flush_work(waited.work);
    }
  }

  /**
   * do_exit(), kernel/exit.c:697, v3.14.1. The caller holds nothing, and must not use current afterwards.
   * Leaves out: what its elisions list.
   */
  *do_exit(cpu: Cpu): Path {
    yield* this.exit_signals(cpu, cpu.current);
    yield* this.do_exit_from_mm(cpu);
  }

  /** The rest of do_exit(), for a task that had begun to exit before the run begins: see set_exiting(). */
  *do_exit_from_mm(cpu: Cpu): Path {
    const task = cpu.current;
    yield* this.acct_collect(cpu, task);
    yield* this.exit_mm(cpu, task);
    yield* this.exit_files(cpu, task);
    yield* this.exit_fs(cpu, task);
    yield* this.exit_task_namespaces(cpu, task);
    yield* this.cgroup_exit(cpu, task, true);
    yield* this.exit_notify(cpu, task);
  }

  /** exit_notify(), kernel/exit.c:629, v3.14.1. Takes tasklist_lock. Leaves out: children, parents, ptrace. */
  *exit_notify(cpu: Cpu, task: task_struct): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
    const isLeader = (yield* cpu.read(task.group_leader)) === task;
    const autoreap = !isLeader || (yield* cpu.list_empty(task.thread_group));
    yield* cpu.write(task.exit_state, autoreap ? EXIT_DEAD : EXIT_ZOMBIE);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    if (autoreap) yield* this.release_task(cpu, task);
  }

  /**
   * release_task(), kernel/exit.c:167, v3.14.1: of the last thread, its zombie leader follows. Takes tasklist_lock;
   * the task_struct is freed with its last reference, after a grace period.
   */
  *release_task(cpu: Cpu, task: task_struct): Path {
    let dead: task_struct | undefined = task;
    while (dead !== undefined) {
      yield* cpu.write_lock_irq(this.tasklist_lock);
      yield* this.__exit_signal(cpu, dead);
      const leader: task_struct = yield* cpu.read(dead.group_leader);
      const zap_leader: boolean =
        leader !== dead &&
        (yield* cpu.list_empty(leader.thread_group)) &&
        (yield* cpu.read(leader.exit_state)) === EXIT_ZOMBIE;
      if (zap_leader) yield* cpu.write(leader.exit_state, EXIT_DEAD);
      yield* cpu.write_unlock_irq(this.tasklist_lock);
      yield* cpu.emit(this.events.task_released, { task: dead });
      const released: task_struct = dead;
      yield* cpu.call_rcu('delayed_put_task_struct', (own) => this.put_task_struct(own, released));
      dead = zap_leader ? leader : undefined;
    }
  }

  /**
   * __exit_signal() with __unhash_process(), kernel/exit.c:79, v3.14.1. Under tasklist_lock; takes siglock.
   * Leaves out: sighand becoming NULL, and the last user freeing signal and sighand.
   */
  *__exit_signal(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock(siglock);
    yield* cpu.fetch_add((yield* cpu.read(task.signal)).nr_threads, -1);
    yield* cpu.write(this.hashed(task), false);
    if ((yield* cpu.read(task.group_leader)) === task) yield* cpu.list_del(task.tasks);
    yield* this.list_del_rcu(cpu, task.thread_group);
    yield* cpu.spin_unlock(siglock);
  }

  /** list_del_rcu(), include/linux/rculist.h: a walk that stands on the node goes on from it. */
  *list_del_rcu(cpu: Cpu, node: ListHead<unknown>): Path {
    const next = yield* cpu.read(node.next);
    const prev = yield* cpu.read(node.prev);
    yield* cpu.write(next.prev, prev);
    yield* cpu.write(prev.next, next);
  }
}
