// c9e75f0492b2 "cgroup: pids: fix race between cgroup_post_fork() and cgroup_migrate()" (Oleg Nesterov, v4.4): every
// fork is inside the threadgroup's read section, not only that of a thread.
import type { Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import { threadgroupRwsem } from './threadgroup-rwsem.js';

/** With group_rwsem it would help nobody: that of the child is not that of its parent. */
export const forkThreadgroup: Patch<For315> = requires(
  threadgroupRwsem,
  (Base) =>
    class ForkThreadgroup extends Base {
      /** copy_process(), kernel/fork.c:1371, after the commit: no condition. */
      override *fork_change_begin(cpu: Cpu, parent: task_struct): Path {
        yield* this.threadgroup_change_begin(cpu, parent);
      }

      /** kernel/fork.c:1612 and 1653, after the commit. */
      override *fork_change_end(cpu: Cpu, parent: task_struct): Path {
        yield* this.threadgroup_change_end(cpu, parent);
      }
    },
);
