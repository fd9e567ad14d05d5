// cgroup_transfer_tasks() takes cgroup_threadgroup_rwsem: absent in v4.4, there in v4.19 (kernel/cgroup/cgroup-v1.c).
// The commit was not found; the form is that of v4.19.
import type { Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu } from '../task.js';
import { p0007 } from './0007.js';
import { threadgroupRwsem } from './threadgroup-rwsem.js';

export const transferThreadgroup: Patch<For315> = requires(
  [p0007, threadgroupRwsem],
  (Base) =>
    class TransferThreadgroup extends Base {
      /** Around all of it, inside cgroup_mutex: nobody begins to exit, so can_attach() and attach() see the same. */
      override *transfer_lock(cpu: Cpu): Path {
        yield* super.transfer_lock(cpu);
        yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
      }

      override *transfer_unlock(cpu: Cpu): Path {
        yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
        yield* super.transfer_unlock(cpu);
      }
    },
);
