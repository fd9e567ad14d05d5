// 1ed1328792ff "sched, cgroup: replace signal_struct->group_rwsem with a global percpu_rwsem" (v4.4; first in v4.3-rc
// and taken back): one lock for all thread groups, so that a migration of several need not take several.
import type { Path, PercpuRwsem } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';

/** What it adds. */
export interface ThreadgroupRwsem {
  readonly cgroup_threadgroup_rwsem: PercpuRwsem;
}

export const threadgroupRwsem: Patch<For315, ThreadgroupRwsem> = (Base) =>
  class Threadgroup extends Base {
    readonly cgroup_threadgroup_rwsem = this.machine.percpu_rwsem('cgroup_threadgroup_rwsem');

    /** cgroup_threadgroup_change_begin(), include/linux/cgroup-defs.h, v4.4. Returns with it held for reading. */
    override *threadgroup_change_begin(cpu: Cpu, _task: task_struct): Path {
      yield* cpu.percpu_down_read(this.cgroup_threadgroup_rwsem);
    }

    override *threadgroup_change_end(cpu: Cpu, _task: task_struct): Path {
      yield* cpu.percpu_up_read(this.cgroup_threadgroup_rwsem);
    }

    /**
     * What __cgroup_procs_write() takes in the place of threadgroup_lock(). Returns with it held for writing. Here it
     * still stands where threadgroup_lock() stood; 3014dde762f6 moves it before the look-up of the task.
     */
    override *threadgroup_lock(cpu: Cpu, _task: task_struct): Path {
      yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
    }

    override *threadgroup_unlock(cpu: Cpu, _task: task_struct): Path {
      yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
    }
  };
