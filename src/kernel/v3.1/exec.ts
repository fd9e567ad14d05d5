// execve() of a thread, as far as the rest of its process feels it: the others die, and it becomes the leader.
import { Loop, type Path } from '../../machine/index.js';
import { EAGAIN } from '../errno.js';
import { EXIT_DEAD, EXIT_ZOMBIE } from '../for-3.15/task.js';
import { Exit } from './exit.js';
import type { inode } from './inode.js';
import type { Cpu, signal_struct, task_struct } from './task.js';

export abstract class Exec extends Exit {
  /**
   * do_execve_common(), fs/exec.c, v3.1. The caller holds nothing. cred_guard_mutex from prepare_bprm_creds() to
   * install_exec_creds(). `dir` is where the file is, if it is not in the dentry cache. Leaves out: all of the new
   * program, and failures but that of de_thread().
   */
  *do_execve(cpu: Cpu, dir?: inode): Path<number> {
    const { cred_guard_mutex } = yield* cpu.read(cpu.current.signal);
    yield* cpu.mutex_lock(cred_guard_mutex);
    if (dir !== undefined) yield* this.open_exec(cpu, dir);
    const ret = yield* this.de_thread(cpu, cpu.current);
    yield* cpu.mutex_unlock(cred_guard_mutex);
    return ret;
  }

  /** open_exec(), fs/exec.c, v3.1, of a file that is looked up on disk: under i_mutex of its directory. */
  *open_exec(cpu: Cpu, dir: inode): Path {
    yield* cpu.mutex_lock(dir.i_mutex);
    yield* cpu.mutex_unlock(dir.i_mutex);
  }

  /**
   * zap_other_threads(), kernel/signal.c, v3.1. Under siglock. Returns how many others there are. Leaves out: the
   * SIGKILL itself: that the others come to do_exit(), at any time, is for the scenario.
   */
  *zap_other_threads(cpu: Cpu, p: task_struct): Path<number> {
    let count = 0;
    let t = yield* this.next_thread(cpu, p);
    while (t !== p) {
      count++;
      t = yield* this.next_thread(cpu, t);
    }
    return count;
  }

  /**
   * de_thread(), fs/exec.c:745, v3.1. Under cred_guard_mutex; siglock, then tasklist_lock, and sleeps in between.
   * Leaves out: process groups, sessions, start_time, ptrace, a sighand shared with other processes.
   */
  *de_thread(cpu: Cpu, tsk: task_struct): Path<number> {
    if (yield* cpu.list_empty(tsk.thread_group)) return 0;
    const sig = yield* cpu.read(tsk.signal);
    const { siglock } = yield* cpu.read(tsk.sighand);
    yield* cpu.spin_lock_irq(siglock);
    if ((yield* cpu.read(sig.group_exit_task)) !== undefined) {
      yield* cpu.spin_unlock_irq(siglock);
      return -EAGAIN;
    }
    yield* cpu.write(sig.group_exit_task, cpu.self);
    const others = yield* this.zap_other_threads(cpu, tsk);
    const isLeader = yield* this.thread_group_leader(cpu, tsk);
    yield* cpu.write(sig.notify_count, isLeader ? others : others - 1);
    const others_are_gone = noneIsWaitedFor(sig);
    const others_left = new Loop('others_left');
    for (;;) {
      yield* cpu.loop(others_left);
      if ((yield* cpu.read(sig.notify_count)) === 0) break;
      yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
      yield* cpu.spin_unlock_irq(siglock);
      yield* cpu.schedule(others_are_gone);
      yield* cpu.spin_lock_irq(siglock);
    }
    yield* cpu.spin_unlock_irq(siglock);

    if (!(yield* this.thread_group_leader(cpu, tsk))) {
      const leader = yield* cpu.read(tsk.group_leader);
      yield* cpu.write(sig.notify_count, -1);
      yield* this.wait_for_leader(cpu, tsk, leader);
      yield* this.take_leadership(cpu, tsk, leader);
      yield* this.leader_switched(cpu, tsk);
      yield* this.release_task(cpu, leader);
    }
    yield* cpu.write(sig.group_exit_task, undefined);
    yield* cpu.write(sig.notify_count, 0);
    const leads = yield* this.thread_group_leader(cpu, tsk);
    yield* cpu.BUG_ON(!leads, 'the thread that executes is not the leader');
    return 0;
  }

  /** Its loop until the leader is a zombie. Returns with tasklist_lock held for writing, irqs off. */
  *wait_for_leader(cpu: Cpu, tsk: task_struct, leader: task_struct): Path {
    const leader_is_dead = hasExited(leader);
    const leader_alive = new Loop('leader_alive');
    for (;;) {
      yield* cpu.loop(leader_alive);
      yield* this.before_tasklist_lock(cpu, tsk);
      yield* cpu.write_lock_irq(this.tasklist_lock);
      if ((yield* cpu.read(leader.exit_state)) !== 0) return;
      yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
      yield* cpu.write_unlock_irq(this.tasklist_lock);
      yield* this.before_schedule(cpu, tsk);
      yield* cpu.schedule(leader_is_dead);
    }
  }

  /** What e56fb2874015 puts around the switch of the leader: nothing here yet. */
  *before_tasklist_lock(_cpu: Cpu, _tsk: task_struct): Path {}

  *before_schedule(_cpu: Cpu, _tsk: task_struct): Path {}

  /** After tasklist_lock is dropped, the switch being done. */
  *leader_switched(_cpu: Cpu, _tsk: task_struct): Path {}

  /** The switch itself. Under tasklist_lock, which it drops. The old leader is in the ring until release_task(). */
  *take_leadership(cpu: Cpu, tsk: task_struct, leader: task_struct): Path {
    yield* cpu.write(this.task_of(yield* cpu.read(tsk.pid)), undefined);
    const pid = yield* cpu.read(leader.pid);
    yield* cpu.write(tsk.pid, pid);
    yield* cpu.write(this.task_of(pid), tsk);
    yield* cpu.write(tsk.group_leader, tsk);
    yield* cpu.write(leader.group_leader, tsk);
    const zombie = (yield* cpu.read(leader.exit_state)) === EXIT_ZOMBIE;
    yield* cpu.BUG_ON(!zombie, 'the old leader is no zombie');
    yield* cpu.write(leader.exit_state, EXIT_DEAD);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
  }
}

/** What de_thread() sleeps until, for the machine to tell a lost wake-up. */
function noneIsWaitedFor(sig: signal_struct): () => boolean {
  return () => sig.notify_count.peek() === 0;
}

function hasExited(leader: task_struct): () => boolean {
  return () => leader.exit_state.peek() !== 0;
}
