// v6.12: fork. The css_set of the child is chosen and pinned before anybody can see the child, and from there to
// cgroup_post_fork() the fork is in the read section of cgroup_threadgroup_rwsem.
import type { Path } from '../../../../machine/index.js';
import { EINTR, ENOMEM, ERESTARTNOINTR } from '../../../errno.js';
import type { KernelClass } from '../../../patch.js';
import { type cgroup, CGRP_KILL, type css_set } from '../../css-set.js';
import { CLONE_THREAD, type Cpu, type task_struct } from '../../task.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';
import type { Kill } from './kill.js';

/**
 * struct kernel_clone_args, what cgroups use of it: the flags, the css_set of the child, with a reference, and what
 * sample_kill() said when it was taken.
 */
export type kernel_clone_args = readonly [flags: number, cset: css_set | null, kill_seq: number];

export interface ForkHooks {
  cgroup_css_set_fork(cpu: Cpu, clone_flags: number): Path<kernel_clone_args | number>;
  cgroup_css_set_put_fork(cpu: Cpu, kargs: kernel_clone_args): Path;
  cgroup_can_fork(
    cpu: Cpu,
    child: task_struct,
    clone_flags: number,
  ): Path<kernel_clone_args | number>;
  cgroup_cancel_fork(cpu: Cpu, child: task_struct, kargs: kernel_clone_args): Path;
  dfl_cgrp(cpu: Cpu, cset: css_set): Path<cgroup>;
  sample_kill(cpu: Cpu, cset: css_set): Path<number>;
  is_killed(cpu: Cpu, cgrp: cgroup, sampled: number): Path<boolean>;
}

export const fork = (
  Base: KernelClass<Until612 & CssSets & Kill>,
): KernelClass<Until612 & CssSets & Kill & ForkHooks> =>
  class Fork612 extends Base {
    /**
     * cgroup_css_set_fork(), kernel/cgroup/cgroup.c, v6.12. The caller holds nothing; returns with
     * cgroup_threadgroup_rwsem held for reading. css_set_lock. Leaves out: CLONE_INTO_CGROUP.
     */
    *cgroup_css_set_fork(cpu: Cpu, clone_flags: number): Path<kernel_clone_args | number> {
      yield* this.threadgroup_change_begin(cpu, cpu.current);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      const cset = yield* cpu.read(cpu.current.cgroups);
      yield* this.get_css_set(cpu, cset);
      const kill_seq = yield* this.sample_kill(cpu, cset);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      return Object.freeze([clone_flags, cset, kill_seq] as const);
    }

    /** cset->dfl_cgrp: the first hierarchy stands for the default one. */
    *dfl_cgrp(cpu: Cpu, cset: css_set): Path<cgroup> {
      return (yield* cpu.read(cset.subsys))[0] as cgroup;
    }

    /** What a fork remembers of cgroup.kill: nothing until b69bb476dee9. */
    *sample_kill(_cpu: Cpu, _cset: css_set): Path<number> {
      return 0;
    }

    /** Whether the child is to be killed, in cgroup_post_fork(). Under css_set_lock. */
    *is_killed(cpu: Cpu, cgrp: cgroup, _sampled: number): Path<boolean> {
      return ((yield* cpu.read(cgrp.flags)) & CGRP_KILL) !== 0;
    }

    /** cgroup_css_set_put_fork(), kernel/cgroup/cgroup.c, v6.12. Drops cgroup_threadgroup_rwsem. */
    *cgroup_css_set_put_fork(cpu: Cpu, [, cset]: kernel_clone_args): Path {
      yield* this.threadgroup_change_end(cpu, cpu.current);
      if (cset !== null) yield* this.put_css_set(cpu, cset, false);
    }

    /**
     * cgroup_can_fork(), kernel/cgroup/cgroup.c, v6.12. Returns with cgroup_threadgroup_rwsem held for reading, unless
     * a subsystem refuses: then those before it are told by cancel_fork(), and nothing is held.
     */
    *cgroup_can_fork(
      cpu: Cpu,
      child: task_struct,
      clone_flags: number,
    ): Path<kernel_clone_args | number> {
      const kargs = yield* this.cgroup_css_set_fork(cpu, clone_flags);
      if (typeof kargs === 'number') return kargs;
      const [, cset] = kargs;
      const subsystems = this.tops.flatMap(({ root }) => root.subsystems);
      for (const [i, ss] of subsystems.entries()) {
        if (ss.can_fork === undefined || cset === null) continue;
        const ret = yield* ss.can_fork(cpu, child, cset);
        yield* this.tell_subsys_called(cpu, ss.name, 'can_fork', ret);
        if (ret === 0) continue;
        for (const before of subsystems.slice(0, i)) {
          if (before.cancel_fork === undefined) continue;
          yield* before.cancel_fork(cpu, child, cset);
          yield* this.tell_subsys_called(cpu, before.name, 'cancel_fork', 0);
        }
        yield* this.cgroup_css_set_put_fork(cpu, kargs);
        return ret;
      }
      return kargs;
    }

    /** cgroup_cancel_fork(), kernel/cgroup/cgroup.c, v6.12. Every subsystem is told. Drops the threadgroup's lock. */
    *cgroup_cancel_fork(cpu: Cpu, child: task_struct, kargs: kernel_clone_args): Path {
      const [, cset] = kargs;
      for (const ss of this.tops.flatMap(({ root }) => root.subsystems)) {
        if (ss.cancel_fork === undefined || cset === null) continue;
        yield* ss.cancel_fork(cpu, child, cset);
        yield* this.tell_subsys_called(cpu, ss.name, 'cancel_fork', 0);
      }
      yield* this.cgroup_css_set_put_fork(cpu, kargs);
    }

    /**
     * cgroup_post_fork(), kernel/cgroup/cgroup.c, v6.12. The child is on the tasklist and does not run; takes
     * css_set_lock, and drops cgroup_threadgroup_rwsem. The reference of kargs passes to the child.
     * Leaves out: CGRP_FREEZE, cgroup namespaces.
     */
    override *cgroup_post_fork(cpu: Cpu, child: task_struct, kargs?: kernel_clone_args): Path {
      const cset = kargs?.[1];
      yield* cpu.BUG_ON(!cset, 'cgroup_post_fork() without cgroup_can_fork()');
      if (kargs === undefined || !cset) return;
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.fetch_add(cset.nr_tasks, 1);
      const cgrp = yield* this.dfl_cgrp(cpu, cset);
      const killed = yield* this.is_killed(cpu, cgrp, kargs[2]);
      yield* this.css_set_move_task(cpu, child, null, cset, false);
      yield* cpu.emit(this.events.task_linked, { task: child, cset, by: 'fork' });
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      yield* this.subsys_fork(cpu, child);
      if (killed) yield* this.send_sigkill(cpu, child);
      yield* this.cgroup_css_set_put_fork(cpu, Object.freeze([kargs[0], null, 0] as const));
    }

    /**
     * copy_process(), kernel/fork.c, v6.12. Returns the child, which does not run yet, or a negative error number. The
     * caller holds nothing. A signal that is pending at the start makes it -ERESTARTNOINTR; later only SIGKILL counts.
     * Leaves out: what its elisions list.
     */
    override *copy_process(cpu: Cpu, clone_flags = 0): Path<task_struct | number> {
      const parent = cpu.current;
      const isThread = (clone_flags & CLONE_THREAD) !== 0;
      const { siglock } = yield* cpu.read(parent.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* cpu.spin_unlock_irq(siglock);
      if (yield* cpu.read(parent.sigpending)) return -ERESTARTNOINTR;
      const child = yield* this.dup_task_struct(cpu);
      if (child === null) return -ENOMEM;
      yield* this.cgroup_fork(cpu, child);
      let ret = yield* this.copy_sighand(cpu, clone_flags, child);
      if (ret === 0) ret = yield* this.copy_signal(cpu, clone_flags, child);
      if (ret !== 0) return yield* this.bad_fork(cpu, child, isThread, ret);
      const leader = isThread ? yield* cpu.read(parent.group_leader) : child;
      yield* cpu.init(child.group_leader, leader);

      const kargs = yield* this.cgroup_can_fork(cpu, child, clone_flags);
      if (typeof kargs === 'number') return yield* this.bad_fork(cpu, child, isThread, kargs);
      ret = yield* this.publish_child(cpu, child, leader);
      if (ret !== 0) {
        yield* this.cgroup_cancel_fork(cpu, child, kargs);
        return yield* this.bad_fork(cpu, child, isThread, ret);
      }
      yield* this.cgroup_post_fork(cpu, child, kargs);
      yield* cpu.emit(this.events.post_fork_done, { child, parent });
      return child;
    }

    /** Its part under tasklist_lock (write, irq) > siglock: fatal_signal_pending() alone ends the fork there. */
    override *publish_child(cpu: Cpu, child: task_struct, leader: task_struct): Path<number> {
      const parent = cpu.current;
      yield* cpu.write_lock_irq(this.tasklist_lock);
      const { siglock } = yield* cpu.read(parent.sighand);
      yield* cpu.spin_lock(siglock);
      if ((yield* cpu.read(parent.sigpending)) && (yield* cpu.read(parent.sigkill))) {
        yield* cpu.spin_unlock(siglock);
        yield* cpu.write_unlock_irq(this.tasklist_lock);
        return -EINTR;
      }
      if (leader !== child) {
        const signal = yield* cpu.read(parent.signal);
        yield* cpu.fetch_add(signal.nr_threads, 1);
        yield* cpu.atomic_inc(signal.live);
        yield* cpu.list_add_tail(child.thread_group, leader.thread_group);
      } else {
        yield* cpu.list_add_tail(child.tasks, this.init_task_tasks);
      }
      yield* cpu.write(this.hashed(child), true);
      yield* cpu.spin_unlock(siglock);
      yield* cpu.write_unlock_irq(this.tasklist_lock);
      return 0;
    }

    /** The error labels of copy_process() from bad_fork_put_pidfd on: cgroups have given everything back by then. */
    override *bad_fork(
      cpu: Cpu,
      child: task_struct,
      _isThread: boolean,
      ret: number,
    ): Path<number> {
      yield* cpu.emit(this.events.fork_failed, { child, parent: cpu.current, ret });
      yield* cpu.kfree(child);
      return ret;
    }
  };
