// How tasks come to be moved one by one: by a write of a pid to a file, and by a kernel thread that joins the
// cgroups of the process it works for.
import { Loop, type Path } from '../../machine/index.js';
import { ENODEV, ESRCH } from '../errno.js';
import type { cgroup } from './css-set.js';
import { Migrate } from './migrate.js';
import type { Cpu, task_struct } from './task.js';

export abstract class Attach extends Migrate {
  /** threadgroup_lock(), include/linux/sched.h:2472, v3.14.1. Returns with group_rwsem held for writing. */
  *threadgroup_lock(cpu: Cpu, task: task_struct): Path {
    yield* cpu.down_write((yield* cpu.read(task.signal)).group_rwsem);
  }

  /** threadgroup_unlock(), include/linux/sched.h:2483, v3.14.1. */
  *threadgroup_unlock(cpu: Cpu, task: task_struct): Path {
    yield* cpu.up_write((yield* cpu.read(task.signal)).group_rwsem);
  }

  /**
   * The part of attach_task_by_pid() that finds the task, under rcu_read_lock(). Returns it with a reference, or
   * undefined once it is gone.
   */
  *find_and_get_task(
    cpu: Cpu,
    pid: task_struct,
    threadgroup: boolean,
  ): Path<task_struct | undefined> {
    let task: task_struct | undefined;
    yield* this.rcu_read_lock(cpu);
    if (yield* cpu.read(this.hashed(pid))) {
      task = threadgroup ? yield* cpu.read(pid.group_leader) : pid;
      yield* this.get_task_struct(cpu, task);
    }
    yield* this.rcu_read_unlock(cpu);
    return task;
  }

  /**
   * attach_task_by_pid(), kernel/cgroup.c:2066, v3.15. A write to `tasks`, or with `threadgroup` to
   * `cgroup.procs`; `pid` is the task object, which may be gone by now. The caller holds nothing;
   * cgroup_mutex > group_rwsem (write) in both modes.
   * Leaves out: permissions, kthreadd and PF_NO_SETAFFINITY.
   */
  *attach_task_by_pid(
    cpu: Cpu,
    cgrp: cgroup,
    pid: task_struct,
    threadgroup: boolean,
  ): Path<number> {
    const retry = new Loop('retry_find_task');
    let ret = -ESRCH;
    if (!(yield* this.cgroup_lock_live_group(cpu, cgrp))) return -ENODEV;
    for (;;) {
      const task = yield* this.find_and_get_task(cpu, pid, threadgroup);
      if (task === undefined) break;
      yield* this.threadgroup_lock(cpu, task);
      if (threadgroup && (yield* cpu.read(task.group_leader)) !== task) {
        yield* this.threadgroup_unlock(cpu, task);
        yield* this.put_task_struct(cpu, task);
        yield* cpu.loop(retry);
        continue;
      }
      ret = yield* this.attach_and_tell(cpu, cgrp, task, threadgroup);
      yield* this.threadgroup_unlock(cpu, task);
      yield* this.put_task_struct(cpu, task);
      break;
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return ret;
  }

  /**
   * cgroup_attach_task_all(), reconstructed from v3.14.1 (kernel/cgroup.c:2199) and v3.16, which takes css_set_rwsem
   * around the look-up: stops at the first hierarchy that fails. `task` joins the cgroups of `from`. The caller holds nothing and keeps both tasks alive; takes
   * cgroup_mutex, and no threadgroup's lock.
   */
  *cgroup_attach_task_all(cpu: Cpu, from: task_struct, task: task_struct): Path<number> {
    let ret = 0;
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.emit(this.events.attach_all_started, { from, task });
    for (const top of this.tops) {
      yield* cpu.down_read(this.css_set_rwsem);
      const from_cgrp = yield* this.task_cgroup_from_root(cpu, from, top);
      yield* cpu.up_read(this.css_set_rwsem);
      ret = yield* this.attach_and_tell(cpu, from_cgrp, task, false);
      if (ret !== 0) break;
    }
    yield* cpu.emit(this.events.attach_all_returned, { from, task, ret });
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return ret;
  }

  /** Calls cgroup_attach_task() between the two events. */
  *attach_and_tell(cpu: Cpu, to: cgroup, task: task_struct, threadgroup: boolean): Path<number> {
    yield* cpu.emit(this.events.attach_started, { task, to, threadgroup });
    const ret = yield* this.cgroup_attach_task(cpu, to, task, threadgroup);
    yield* cpu.emit(this.events.attach_returned, { task, to, threadgroup, ret });
    return ret;
  }
}
