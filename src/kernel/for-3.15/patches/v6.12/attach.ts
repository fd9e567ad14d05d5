// v6.12: who migrates tasks. All of them hold cgroup_threadgroup_rwsem for writing, so that nobody forks, begins to
// exit or becomes leader meanwhile.
import type { Path } from '../../../../machine/index.js';
import { ESRCH } from '../../../errno.js';
import type { KernelClass } from '../../../patch.js';
import type { cgroup } from '../../css-set.js';
import type { Cpu, task_struct } from '../../task.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';
import type { Mgctx } from './migrate.js';

type Before = Until612 & CssSets & Mgctx;

export const attach = (Base: KernelClass<Before>): KernelClass<Before> =>
  class Attach612 extends Base {
    /**
     * __cgroup1_procs_write(), kernel/cgroup/cgroup-v1.c, with cgroup_procs_write_start() and _finish(), v6.12, under the
     * name that scenarios call. The caller holds nothing; cgroup_mutex > cgroup_threadgroup_rwsem (write), which is
     * taken before the task is looked up. Leaves out: cpus_read_lock(), a dead destination, permissions,
     * PF_NO_SETAFFINITY, "0" written to a tasks file, which takes no lock of threads, post_attach().
     */
    override *attach_task_by_pid(
      cpu: Cpu,
      cgrp: cgroup,
      pid: task_struct,
      threadgroup: boolean,
    ): Path<number> {
      let ret = -ESRCH;
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
      const task = yield* this.find_and_get_task(cpu, pid, threadgroup);
      if (task !== undefined) {
        ret = yield* this.attach_and_tell(cpu, cgrp, task, threadgroup);
        yield* this.put_task_struct(cpu, task);
      }
      yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return ret;
    }

    /**
     * cgroup_attach_task_all(), kernel/cgroup/cgroup-v1.c, v6.12: stops at the first hierarchy that fails. The caller
     * holds nothing and keeps both tasks alive; cgroup_mutex > cgroup_threadgroup_rwsem (write).
     */
    override *cgroup_attach_task_all(cpu: Cpu, from: task_struct, task: task_struct): Path<number> {
      let ret = 0;
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
      yield* cpu.emit(this.events.attach_all_started, { from, task });
      for (const top of this.tops) {
        yield* cpu.spin_lock_irq(this.css_set_lock);
        const from_cgrp = yield* this.task_cgroup_from_root(cpu, from, top);
        yield* cpu.spin_unlock_irq(this.css_set_lock);
        ret = yield* this.attach_and_tell(cpu, from_cgrp, task, false);
        if (ret !== 0) break;
      }
      yield* cpu.emit(this.events.attach_all_returned, { from, task, ret });
      yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return ret;
    }

    /**
     * cgroup_transfer_tasks(), kernel/cgroup/cgroup-v1.c, v6.12. The caller holds nothing; cgroup_mutex >
     * cgroup_threadgroup_rwsem (write). Fails half-way only if can_attach() does.
     */
    override *cgroup_transfer_tasks(cpu: Cpu, to: cgroup, from: cgroup): Path<number> {
      const sources = yield* this.init_mgctx(cpu);
      yield* cpu.emit(this.events.transfer_started, { from, to });
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      let link = yield* cpu.list_first(from.cset_links);
      while (link !== undefined) {
        yield* this.cgroup_migrate_add_src(cpu, yield* cpu.read(link.cset), to, sources);
        link = yield* cpu.list_next(link.cset_link, from.cset_links);
      }
      yield* cpu.spin_unlock_irq(this.css_set_lock);

      let ret = yield* this.cgroup_migrate_prepare_dst(cpu, to, sources);
      while (ret === 0) {
        const task = yield* this.first_task_of(cpu, from);
        if (task === undefined) break;
        yield* cpu.emit(this.events.transfer_picked, { from, task });
        ret = yield* this.cgroup_migrate(cpu, to, task, false);
        yield* this.put_task_struct(cpu, task);
      }
      yield* this.cgroup_migrate_finish(cpu, sources);
      yield* cpu.emit(this.events.transfer_returned, { from, to, ret });
      yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return ret;
    }

    /** The walk of cgroup_transfer_tasks() for its next task, kernel/cgroup/cgroup-v1.c, v6.12: nobody who exits. */
    override *first_task_of(cpu: Cpu, cgrp: cgroup): Path<task_struct | undefined> {
      let walk = yield* this.css_task_iter_start(cpu, cgrp);
      let task: task_struct | undefined;
      do {
        [task, walk] = yield* this.css_task_iter_next(cpu, walk);
      } while (task !== undefined && (yield* this.is_exiting(cpu, task)));
      if (task !== undefined) yield* this.get_task_struct(cpu, task);
      yield* this.css_task_iter_end(cpu);
      return task;
    }
  };
