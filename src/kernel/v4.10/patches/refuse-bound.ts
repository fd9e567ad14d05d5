// c4c27fbdda4e "cgroup: disallow attaching kthreadd or PF_THREAD_BOUND tasks" (v3.6); the flag has been called
// PF_NO_SETAFFINITY since v3.10.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import { type Cpu, type kthread_task, PF_NO_SETAFFINITY, type V410 } from '../v4.10.js';

export const refuseBound: Patch<V410> = (Base) =>
  class RefuseBound extends Base {
    override *refuses(cpu: Cpu, tsk: kthread_task): Path<boolean> {
      if (tsk === this.kthreadd_task) return true;
      return ((yield* cpu.read(tsk.flags)) & PF_NO_SETAFFINITY) !== 0;
    }
  };
