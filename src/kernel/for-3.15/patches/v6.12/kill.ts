// v6.12: reading cgroup.procs, and cgroup.kill, which sends SIGKILL to every process of a cgroup and to whoever is just
// being forked into it.
import type { Path } from '../../../../machine/index.js';
import type { KernelClass } from '../../../patch.js';
import { type cgroup, CGRP_KILL } from '../../css-set.js';
import { CSS_TASK_ITER_PROCS } from '../../iterator.js';
import { type Cpu, SIGNAL_GROUP_EXIT, type task_struct } from '../../task.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';
import type { Walks } from './iter.js';

/** What this part adds. */
export interface Kill {
  cgroup_procs_show(cpu: Cpu, cgrp: cgroup): Path<readonly task_struct[]>;
  send_sigkill(cpu: Cpu, task: task_struct): Path;
  kill_processes(cpu: Cpu, cgrp: cgroup): Path;
  __cgroup_kill(cpu: Cpu, cgrp: cgroup): Path;
  cgroup_kill_write(cpu: Cpu, cgrp: cgroup): Path;
}

export const kill = (
  Base: KernelClass<Until612 & CssSets & Walks>,
): KernelClass<Until612 & CssSets & Walks & Kill> =>
  class Kill612 extends Base {
    /**
     * cgroup_procs_start(), _next() and _show(), kernel/cgroup/cgroup.c, v6.12: the leaders of the processes in a cgroup.
     * The caller holds nothing; css_set_lock for each step of the walk.
     */
    *cgroup_procs_show(cpu: Cpu, cgrp: cgroup): Path<readonly task_struct[]> {
      const leaders: task_struct[] = [];
      let walk = yield* this.css_task_iter_start(cpu, cgrp, CSS_TASK_ITER_PROCS);
      for (;;) {
        const [task, then] = yield* this.css_task_iter_next(cpu, walk);
        if (task === undefined) break;
        leaders.push(task);
        walk = then;
      }
      const listed = Object.freeze(leaders);
      yield* cpu.emit(this.events.procs_listed, { cgrp, leaders: listed, by: cpu.thread });
      yield* this.css_task_iter_end(cpu);
      return listed;
    }

    /**
     * do_send_sig_info() of SIGKILL with complete_signal(), kernel/signal.c, v6.12: the process exits as a whole. May be
     * called under css_set_lock; takes siglock, unless the task has been released: then it has no sighand.
     * Leaves out: the queue of signals, and waking up.
     */
    *send_sigkill(cpu: Cpu, task: task_struct): Path {
      const { siglock } = yield* cpu.read(task.sighand);
      const flags = yield* cpu.spin_lock_irqsave(siglock);
      if (yield* cpu.read(this.hashed(task))) {
        const signal = yield* cpu.read(task.signal);
        yield* cpu.set_bits(signal.flags, SIGNAL_GROUP_EXIT);
        const leader = yield* cpu.read(task.group_leader);
        let thread: task_struct | undefined = leader;
        while (thread !== undefined) {
          yield* cpu.write(thread.sigkill, true);
          yield* cpu.write(thread.sigpending, true);
          thread = yield* this.next_thread(cpu, thread, leader);
        }
      }
      yield* cpu.spin_unlock_irqrestore(siglock, flags);
    }

    /** The walk of __cgroup_kill(). Under cgroup_mutex. Leaves out: kernel threads, which it passes over. */
    *kill_processes(cpu: Cpu, cgrp: cgroup): Path {
      let walk = yield* this.css_task_iter_start(cpu, cgrp, CSS_TASK_ITER_PROCS);
      for (;;) {
        const [task, then] = yield* this.css_task_iter_next(cpu, walk);
        if (task === undefined) break;
        walk = then;
        if (yield* cpu.read(task.sigkill)) continue;
        yield* this.send_sigkill(cpu, task);
      }
      yield* this.css_task_iter_end(cpu);
    }

    /** __cgroup_kill(), kernel/cgroup/cgroup.c, v6.12. Under cgroup_mutex; takes css_set_lock before and after. */
    *__cgroup_kill(cpu: Cpu, cgrp: cgroup): Path {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.set_bit(cgrp.flags, CGRP_KILL);
      yield* cpu.emit(this.events.kill_started, { cgrp });
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      yield* this.kill_processes(cpu, cgrp);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.clear_bit(cgrp.flags, CGRP_KILL);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }

    /** cgroup_kill_write(), kernel/cgroup/cgroup.c, v6.12. The caller holds nothing. Leaves out: descendants. */
    *cgroup_kill_write(cpu: Cpu, cgrp: cgroup): Path {
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* this.__cgroup_kill(cpu, cgrp);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
    }
  };
