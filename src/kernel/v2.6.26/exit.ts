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
   * exit_signals(), kernel/signal.c:1877, v2.6.26. The caller holds nothing; takes siglock, but not for a process of
   * one thread, nor for one that exits as a whole.
   * Leaves out: retargeting of signals, and group stops.
   */
  *exit_signals(cpu: Cpu, task: task_struct): Path {
    if (
      (yield* cpu.list_empty(task.thread_group)) ||
      ((yield* cpu.read((yield* cpu.read(task.signal)).flags)) & SIGNAL_GROUP_EXIT) !== 0
    ) {
      yield* cpu.set_bits(task.flags, PF_EXITING);
      return;
    }
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock_irq(siglock);
    yield* cpu.set_bits(task.flags, PF_EXITING);
    yield* cpu.spin_unlock_irq(siglock);
  }

  /** acct_collect(): nothing, unless CONFIG_BSD_PROCESS_ACCT is filled in (kernel/acct.c, v2.6.26). */
  *acct_collect(_cpu: Cpu, _task: task_struct): Path {}

  /** exit_mm(), kernel/exit.c:655, v2.6.26: its task_lock section, and who owns the mm next. Leaves out the mm. */
  *exit_mm(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
    yield* this.mm_update_next_owner(cpu, task);
  }

  /**
   * mm_update_next_owner(), kernel/exit.c:594, v2.6.26: the pointer that it switches, where a scenario has an mm.
   * Leaves out: the search for the next owner, and the callbacks of subsystems.
   */
  *mm_update_next_owner(cpu: Cpu, task: task_struct): Path {
    const next = this.next_owner;
    if (next === undefined) return;
    if ((yield* cpu.read(this.mm_owner)) !== task) return;
    yield* cpu.write(this.mm_owner, next);
  }

  /** exit_files(), kernel/exit.c:531, v2.6.26: its task_lock section. Leaves out: all of the files. */
  *exit_files(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /** exit_fs(), kernel/exit.c:555, v2.6.26: its task_lock section. Leaves out: all of the fs. */
  *exit_fs(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /**
   * do_exit(), kernel/exit.c:958, v2.6.26. The caller holds nothing, and must not use current afterwards.
   * Leaves out: what its elisions list.
   */
  *do_exit(cpu: Cpu): Path {
    const task = cpu.current;
    yield* this.exit_signals(cpu, task);
    yield* cpu.smp_mb();
    yield* this.acct_collect(cpu, task);
    yield* this.exit_mm(cpu, task);
    yield* this.exit_files(cpu, task);
    yield* this.exit_fs(cpu, task);
    yield* this.cgroup_exit(cpu, task, true);
    yield* this.exit_notify(cpu, task);
  }

  /** exit_notify(), kernel/exit.c, v2.6.26. Takes tasklist_lock. Leaves out: children, parents, ptrace. */
  *exit_notify(cpu: Cpu, task: task_struct): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
    const isLeader = (yield* cpu.read(task.group_leader)) === task;
    const autoreap = !isLeader || (yield* cpu.list_empty(task.thread_group));
    yield* cpu.write(task.exit_state, autoreap ? EXIT_DEAD : EXIT_ZOMBIE);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    if (autoreap) yield* this.release_task(cpu, task);
  }

  /**
   * release_task(), kernel/exit.c, v2.6.26: of the last thread, its zombie leader follows. Takes tasklist_lock;
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
   * __exit_signal() with __unhash_process(), kernel/exit.c:79, v2.6.26. Under tasklist_lock; takes siglock.
   * Leaves out: signal and sighand becoming NULL, and the last user freeing them.
   */
  *__exit_signal(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock(siglock);
    yield* cpu.write(this.hashed(task), false);
    if ((yield* cpu.read(task.group_leader)) === task) {
      yield* this.list_del_rcu(cpu, task.tasks);
    }
    yield* this.list_del_rcu(cpu, task.thread_group);
    yield* cpu.spin_unlock(siglock);
  }

  /** list_del_rcu(), include/linux/list.h: a walk that stands on the node goes on from it. */
  *list_del_rcu(cpu: Cpu, node: ListHead<unknown>): Path {
    const next = yield* cpu.read(node.next);
    const prev = yield* cpu.read(node.prev);
    yield* cpu.write(next.prev, prev);
    yield* cpu.write(prev.next, next);
  }
}
