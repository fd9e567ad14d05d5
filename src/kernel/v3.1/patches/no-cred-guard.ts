// e56fb2874015 "exec: do not abuse ->cred_guard_mutex in threadgroup_lock()" (v3.10).
import type { Path } from '../../../machine/index.js';
import { requires } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import { extendThreadgroupLock } from './extend-threadgroup-lock.js';

/** de_thread() reads group_rwsem around the switch of the leader; threadgroup_lock() is group_rwsem alone. */
export const noCredGuard = requires(
  extendThreadgroupLock,
  (Base) =>
    class NoCredGuard extends Base {
      /** threadgroup_lock(), include/linux/sched.h:2472, v3.14.1. */
      override *threadgroup_lock(cpu: Cpu, task: task_struct): Path {
        yield* cpu.down_write((yield* cpu.read(task.signal)).group_rwsem);
      }

      override *threadgroup_unlock(cpu: Cpu, task: task_struct): Path {
        yield* cpu.up_write((yield* cpu.read(task.signal)).group_rwsem);
      }

      override *before_tasklist_lock(cpu: Cpu, tsk: task_struct): Path {
        yield* this.threadgroup_change_begin(cpu, tsk);
      }

      /** The leader must get group_rwsem to exit, and cannot behind a writer that waits for us. */
      override *before_schedule(cpu: Cpu, tsk: task_struct): Path {
        yield* this.threadgroup_change_end(cpu, tsk);
      }

      override *leader_switched(cpu: Cpu, tsk: task_struct): Path {
        yield* this.threadgroup_change_end(cpu, tsk);
      }
    },
);
