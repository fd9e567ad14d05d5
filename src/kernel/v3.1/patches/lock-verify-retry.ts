// b78949ebfb56 "cgroup: simplify double-check locking in cgroup_attach_proc" and fb5d2b4cfc24 "cgroup: replace
// tasklist_lock with rcu_read_lock" (v3.4), which leave it to threadgroup_lock() that the leader stays.
import { Loop, type Path } from '../../../machine/index.js';
import { ESRCH } from '../../errno.js';
import { requires } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import { liveTasksOnly } from './live-tasks-only.js';

export const lockVerifyRetry = requires(
  liveTasksOnly,
  (Base) =>
    class LockVerifyRetry extends Base {
      /** attach_task_by_pid(), kernel/cgroup.c, v3.4: finds the task again where it is no leader once it is locked. */
      override *attach_task_by_pid(cpu: Cpu, cgrp: cgroup, pid: task_struct): Path<number> {
        let ret = -ESRCH;
        yield* cpu.mutex_lock(this.cgroup_mutex);
        const retry_find_task = new Loop('retry_find_task');
        for (;;) {
          yield* cpu.loop(retry_find_task);
          const tsk = yield* this.find_leader(cpu, pid);
          if (tsk === undefined) break;
          yield* this.threadgroup_lock(cpu, tsk);
          const leads = yield* this.thread_group_leader(cpu, tsk);
          if (leads) ret = yield* this.attach_proc_and_tell(cpu, cgrp, tsk);
          yield* this.threadgroup_unlock(cpu, tsk);
          yield* this.put_task_struct(cpu, tsk);
          if (leads) break;
        }
        yield* cpu.mutex_unlock(this.cgroup_mutex);
        return ret;
      }

      /** The snapshot is under rcu_read_lock() again, and tests no leader. */
      override *lock_threads(cpu: Cpu): Path {
        yield* cpu.rcu_read_lock();
      }

      override *unlock_threads(cpu: Cpu): Path {
        yield* cpu.rcu_read_unlock();
      }

      override *snapshot_threads(
        cpu: Cpu,
        leader: task_struct,
        group_size: number,
      ): Path<readonly task_struct[] | undefined> {
        yield* this.lock_threads(cpu);
        const group = yield* this.collect_threads(cpu, leader, group_size);
        yield* this.unlock_threads(cpu);
        return group;
      }
    },
);
