// do_exit() from PF_EXITING to the end of the task. The parent does not ignore SIGCHLD, and does not wait: a dead
// leader stays a zombie until an exec takes its place; any other thread is released at once.
import type { ListHead, Path } from '../../machine/index.js';
import { EXIT_DEAD, EXIT_ZOMBIE, PF_EXITING } from '../for-3.15/task.js';
import { CssSets } from './css-sets.js';
import type { cgroup } from './css-set.js';
import type { Cpu, task_struct } from './task.js';

export abstract class Exit extends CssSets {
  /** The test of PF_EXITING; one read. */
  *is_exiting(cpu: Cpu, task: task_struct): Path<boolean> {
    return ((yield* cpu.read(task.flags)) & PF_EXITING) !== 0;
  }

  /** get_task_struct(), include/linux/sched.h, v3.1. The caller knows that the task exists. */
  *get_task_struct(cpu: Cpu, task: task_struct): Path {
    yield* cpu.atomic_inc(task.usage);
  }

  /** put_task_struct(), include/linux/sched.h, v3.1. Leaves out: what else the last reference frees. */
  *put_task_struct(cpu: Cpu, task: task_struct): Path {
    if (yield* cpu.atomic_dec_and_test(task.usage)) yield* cpu.kfree(task);
  }

  /** thread_group_leader(), include/linux/sched.h, v3.1. */
  *thread_group_leader(cpu: Cpu, task: task_struct): Path<boolean> {
    return (yield* cpu.read(task.group_leader)) === task;
  }

  /** next_thread(), include/linux/sched.h, v3.1. Under rcu_read_lock(), tasklist_lock or siglock. */
  *next_thread(cpu: Cpu, task: task_struct): Path<task_struct> {
    const next = (yield* cpu.read(task.thread_group.next)) as ListHead<task_struct>;
    return next.container as task_struct;
  }

  /**
   * exit_signals(), kernel/signal.c, v3.1. The caller holds nothing. A process of one thread, and one that exits or
   * executes as a whole, sets PF_EXITING without siglock. Leaves out: SIGNAL_GROUP_EXIT, retargeting, group stops.
   */
  *exit_signals(cpu: Cpu, task: task_struct): Path {
    if (yield* this.is_last_or_group_exit(cpu, task)) {
      yield* cpu.set_bits(task.flags, PF_EXITING);
      return;
    }
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock_irq(siglock);
    yield* cpu.set_bits(task.flags, PF_EXITING);
    yield* cpu.spin_unlock_irq(siglock);
  }

  /** Its first test: thread_group_empty() || signal_group_exit(). */
  *is_last_or_group_exit(cpu: Cpu, task: task_struct): Path<boolean> {
    if (yield* cpu.list_empty(task.thread_group)) return true;
    return (yield* cpu.read((yield* cpu.read(task.signal)).group_exit_task)) !== undefined;
  }

  /**
   * cgroup_exit(), kernel/cgroup.c, v3.0. The caller holds nothing; css_set_lock and task_lock, one after the other.
   */
  *cgroup_exit(cpu: Cpu, task: task_struct): Path {
    if (!(yield* cpu.list_empty(task.cg_list))) {
      yield* cpu.write_lock(this.css_set_lock);
      if (!(yield* cpu.list_empty(task.cg_list))) yield* cpu.list_del_init(task.cg_list);
      yield* cpu.write_unlock(this.css_set_lock);
    }
    yield* cpu.spin_lock(task.alloc_lock);
    const cg = yield* cpu.read(task.cgroups);
    yield* cpu.write(task.cgroups, this.init_css_set);
    const old = yield* cpu.read(cg.subsys);
    for (const { root } of this.tops) {
      for (const ss of root.subsystems) {
        if (ss.exit === undefined) continue;
        yield* ss.exit(cpu, old[root.index] as cgroup, task);
        yield* this.tell_task_called(cpu, ss.name, 'exit', task);
      }
    }
    yield* cpu.spin_unlock(task.alloc_lock);
    yield* this.put_css_set(cpu, cg);
  }

  /** Announces a callback. No step. */
  *tell_task_called(
    cpu: Cpu,
    subsys: string,
    callback: 'can_attach_task' | 'attach_task' | 'exit',
    task: task_struct,
  ): Path {
    yield* cpu.emit(this.events.task_called, { subsys, callback, task });
  }

  /**
   * do_exit(), kernel/exit.c, v3.1. The caller holds nothing, and must not use current afterwards.
   * Leaves out: all between the two calls, which takes task_lock, siglock and pi_lock.
   */
  *do_exit(cpu: Cpu): Path {
    const task = cpu.current;
    yield* this.exit_signals(cpu, task);
    yield* this.cgroup_exit(cpu, task);
    yield* this.exit_notify(cpu, task);
  }

  /** exit_notify(), kernel/exit.c, v3.1. Takes tasklist_lock. Leaves out: children, parents, ptrace. */
  *exit_notify(cpu: Cpu, task: task_struct): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
    const autoreap = !(yield* this.thread_group_leader(cpu, task));
    yield* cpu.write(task.exit_state, autoreap ? EXIT_DEAD : EXIT_ZOMBIE);
    const sig = yield* cpu.read(task.signal);
    if ((yield* cpu.read(sig.notify_count)) < 0) {
      const waiter = yield* cpu.read(sig.group_exit_task);
      if (waiter !== undefined) yield* cpu.wake_up_process(waiter);
    }
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    if (autoreap) yield* this.release_task(cpu, task);
  }

  /**
   * release_task(), kernel/exit.c, v3.1. Takes tasklist_lock; the task_struct is freed with its last reference,
   * after a grace period. Leaves out: proc, credentials, ptrace, and a zombie leader whose parent ignores SIGCHLD.
   */
  *release_task(cpu: Cpu, task: task_struct): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
    yield* this.__exit_signal(cpu, task);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    yield* cpu.call_rcu('delayed_put_task_struct', (own) => this.put_task_struct(own, task));
  }

  /**
   * __exit_signal(), kernel/exit.c, v3.1. Under tasklist_lock; takes siglock. Leaves out: sums of the group, timers,
   * sighand becoming NULL, freeing of signal and sighand.
   */
  *__exit_signal(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock(siglock);
    const sig = yield* cpu.read(task.signal);
    if (!(yield* this.thread_group_leader(cpu, task))) {
      const count = yield* cpu.read(sig.notify_count);
      if (count > 0) {
        yield* cpu.write(sig.notify_count, count - 1);
        const waiter = yield* cpu.read(sig.group_exit_task);
        if (count === 1 && waiter !== undefined) yield* cpu.wake_up_process(waiter);
      }
    }
    yield* cpu.fetch_add(sig.nr_threads, -1);
    yield* this.__unhash_process(cpu, task);
    yield* cpu.spin_unlock(siglock);
  }

  /**
   * __unhash_process(), kernel/exit.c, v3.1. Under tasklist_lock and siglock. Leaves out: the list of processes,
   * process groups and sessions.
   */
  *__unhash_process(cpu: Cpu, task: task_struct): Path {
    const number = this.task_of(yield* cpu.read(task.pid));
    // A deposed leader shares its number with the thread that took its place.
    if ((yield* cpu.read(number)) === task) yield* cpu.write(number, undefined);
    yield* this.list_del_rcu(cpu, task.thread_group);
  }

  /** list_del_rcu(), include/linux/rculist.h: a walk that stands on the node goes on from it. */
  *list_del_rcu(cpu: Cpu, node: ListHead<unknown>): Path {
    const next = yield* cpu.read(node.next);
    const prev = yield* cpu.read(node.prev);
    yield* cpu.write(next.prev, prev);
    yield* cpu.write(prev.next, next);
  }
}
