// 33ef6b698440 "cgroups: more safe tasklist locking in cgroup_attach_proc" (v3.2).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu } from '../task.js';
import type { V31 } from '../v3.1.js';

/** The leader is tested, and the threads are walked, under tasklist_lock (read). */
export const tasklistLock: Patch<V31> = (Base) =>
  class TasklistLock extends Base {
    override *lock_threads(cpu: Cpu): Path {
      yield* cpu.read_lock(this.tasklist_lock);
    }

    override *unlock_threads(cpu: Cpu): Path {
      yield* cpu.read_unlock(this.tasklist_lock);
    }
  };
