// How a task comes to be moved: by a write of its pid to the `tasks` file of a cgroup. One task at a time; the
// pointer is switched in one section, the list moved in another.
import type { Path } from '../../machine/index.js';
import { ENOMEM, ESRCH } from '../errno.js';
import { type cgroup, CGRP_RELEASABLE, type css_set } from './css-set.js';
import { Exit } from './exit.js';
import type { Cpu, task_struct } from './task.js';

export abstract class Attach extends Exit {
  /**
   * cgroup_attach_task(), kernel/cgroup.c:1223, v2.6.26. Under cgroup_mutex; the caller keeps the task. Takes
   * css_set_lock and task_lock, one after the other, and sleeps for a grace period. What can_attach() did is not
   * undone when a later step fails.
   */
  *cgroup_attach_task(cpu: Cpu, cgrp: cgroup, task: task_struct): Path<number> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    const early = yield* this.old_css_set_at_entry(cpu, task);
    const oldcgrp = yield* this.cgroup_of_target(cpu, task, cgrp);
    if (oldcgrp === cgrp) return 0;

    const ret = yield* this.subsys_can_attach(cpu, cgrp, task);
    if (ret !== 0) return ret;
    const [cg, newcg] = yield* this.find_both_css_sets(cpu, task, early, cgrp);
    if (newcg === null) return -ENOMEM;

    yield* cpu.spin_lock(task.alloc_lock);
    if (yield* this.is_exiting(cpu, task)) {
      yield* cpu.spin_unlock(task.alloc_lock);
      yield* this.put_css_set(cpu, newcg);
      return -ESRCH;
    }
    yield* cpu.write(task.cgroups, newcg);
    yield* cpu.emit(this.events.task_committed, { task, from: cg, to: newcg });
    yield* cpu.spin_unlock(task.alloc_lock);

    yield* cpu.write_lock(this.css_set_lock);
    if (!(yield* cpu.list_empty(task.cg_list))) {
      yield* cpu.list_del(task.cg_list);
      yield* cpu.list_add(task.cg_list, newcg.tasks);
    }
    yield* cpu.write_unlock(this.css_set_lock);

    yield* this.subsys_attach(cpu, cgrp, oldcgrp, task);
    yield* cpu.set_bit(oldcgrp.flags, CGRP_RELEASABLE);
    yield* cpu.synchronize_rcu();
    yield* this.put_css_set(cpu, cg);
    return 0;
  }

  /** Its first statement: task->cgroups, read with no lock, and no reference on what is found there. */
  *old_css_set_at_entry(cpu: Cpu, task: task_struct): Path<css_set | undefined> {
    return yield* cpu.read(task.cgroups);
  }

  /** Its second statement: the cgroup that the task is in now. Under cgroup_mutex, which does not keep it there. */
  *cgroup_of_target(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
    return yield* this.task_cgroup(cpu, task, like);
  }

  /** The css_set that the task leaves, here that of the first statement, and the one it goes to, with a reference. */
  *find_both_css_sets(
    cpu: Cpu,
    _task: task_struct,
    early: css_set | undefined,
    cgrp: cgroup,
  ): Path<readonly [cg: css_set, newcg: css_set | null]> {
    const cg = early as css_set;
    return Object.freeze([cg, yield* this.find_css_set(cpu, cg, cgrp)] as const);
  }

  /** The loop over ss->can_attach(): the first that refuses ends it, and those before it are not told. */
  *subsys_can_attach(cpu: Cpu, cgrp: cgroup, task: task_struct): Path<number> {
    for (const ss of cgrp.root.subsys_list) {
      if (ss.can_attach === undefined) continue;
      const ret = yield* ss.can_attach(cpu, cgrp, task);
      yield* cpu.emit(this.events.subsys_called, { subsys: ss.name, callback: 'can_attach', ret });
      if (ret !== 0) return ret;
    }
    return 0;
  }

  /** The loop over ss->attach(). Under cgroup_mutex; the task has been moved. */
  *subsys_attach(cpu: Cpu, cgrp: cgroup, oldcgrp: cgroup, task: task_struct): Path {
    for (const ss of cgrp.root.subsys_list) {
      if (ss.attach === undefined) continue;
      yield* ss.attach(cpu, cgrp, oldcgrp, task);
      yield* cpu.emit(this.events.subsys_called, { subsys: ss.name, callback: 'attach', ret: 0 });
    }
  }

  /**
   * attach_task_by_pid(), kernel/cgroup.c:1287, v2.6.26, with the cgroup_mutex of cgroup_common_file_write(). `pid`
   * is the task object, which may be gone by now. The caller holds nothing.
   * Leaves out: a removed destination (-ENODEV), permissions, and pid 0.
   */
  *attach_task_by_pid(cpu: Cpu, cgrp: cgroup, pid: task_struct): Path<number> {
    let ret = -ESRCH;
    yield* cpu.mutex_lock(this.cgroup_mutex);
    if (yield* this.find_and_get_task(cpu, pid)) {
      yield* cpu.emit(this.events.attach_started, { task: pid, to: cgrp });
      ret = yield* this.cgroup_attach_task(cpu, cgrp, pid);
      yield* cpu.emit(this.events.attach_returned, { task: pid, to: cgrp, ret });
      yield* this.put_task_struct(cpu, pid);
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return ret;
  }

  /** The part of attach_task_by_pid() under rcu_read_lock(): false if the task is gone or going, else a reference. */
  *find_and_get_task(cpu: Cpu, pid: task_struct): Path<boolean> {
    let found = false;
    yield* cpu.rcu_read_lock();
    if ((yield* cpu.read(this.hashed(pid))) && !(yield* this.is_exiting(cpu, pid))) {
      yield* this.get_task_struct(cpu, pid);
      found = true;
    }
    yield* cpu.rcu_read_unlock();
    return found;
  }

  /**
   * mem_cgroup_charge_common(), mm/memcontrol.c:575, v2.6.26: finds the cgroup of mm->owner, under rcu_read_lock() and
   * no other lock. Another task than the owner charges, too. Leaves out: the charge.
   */
  *mem_cgroup_of_owner(cpu: Cpu, like: cgroup): Path<cgroup | undefined> {
    let cgrp: cgroup | undefined;
    yield* cpu.rcu_read_lock();
    const owner = yield* cpu.read(this.mm_owner);
    if (owner !== null) cgrp = yield* this.task_cgroup(cpu, owner, like);
    yield* cpu.rcu_read_unlock();
    return cgrp;
  }
}
