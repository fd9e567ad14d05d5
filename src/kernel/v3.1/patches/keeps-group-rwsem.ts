// Not upstream: what e56fb2874015 warns of.
import type { Path } from '../../../machine/index.js';
import { requires } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import { noCredGuard } from './no-cred-guard.js';
import { extendThreadgroupLock } from './extend-threadgroup-lock.js';

/** de_thread() sleeps until the leader is dead with group_rwsem in hand, and takes it once. */
export const keepsGroupRwsem = requires(
  [extendThreadgroupLock, noCredGuard],
  (Base) =>
    class KeepsGroupRwsem extends Base {
      override *wait_for_leader(cpu: Cpu, tsk: task_struct, leader: task_struct): Path {
        yield* this.threadgroup_change_begin(cpu, tsk);
        yield* super.wait_for_leader(cpu, tsk, leader);
      }

      override *before_tasklist_lock(_cpu: Cpu, _tsk: task_struct): Path {}

      override *before_schedule(_cpu: Cpu, _tsk: task_struct): Path {}
    },
);
