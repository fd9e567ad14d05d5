// 77e4ef99d1c5 "threadgroup: extend threadgroup_lock() to cover exit and exec" (v3.3), on 257058ae2b97, which renames
// threadgroup_fork_lock to group_rwsem.
import type { Path } from '../../../machine/index.js';
import { PF_EXITING } from '../../for-3.15/task.js';
import type { Patch } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import type { V31 } from '../v3.1.js';

/** What 77e4ef99d1c5 adds. */
export interface ThreadgroupChange {
  threadgroup_change_begin(cpu: Cpu, task: task_struct): Path;
  threadgroup_change_end(cpu: Cpu, task: task_struct): Path;
}

/** Whoever holds threadgroup_lock() keeps out exec, by cred_guard_mutex, and exit, by group_rwsem. */
export const extendThreadgroupLock: Patch<V31, ThreadgroupChange> = (Base) =>
  class ExtendThreadgroupLock extends Base {
    /** threadgroup_lock(), include/linux/sched.h, v3.4. */
    override *threadgroup_lock(cpu: Cpu, task: task_struct): Path {
      const signal = yield* cpu.read(task.signal);
      yield* cpu.mutex_lock(signal.cred_guard_mutex);
      yield* cpu.down_write(signal.group_rwsem);
    }

    override *threadgroup_unlock(cpu: Cpu, task: task_struct): Path {
      const signal = yield* cpu.read(task.signal);
      yield* cpu.up_write(signal.group_rwsem);
      yield* cpu.mutex_unlock(signal.cred_guard_mutex);
    }

    /** threadgroup_change_begin(), include/linux/sched.h, v3.4. Returns with group_rwsem held for reading. */
    *threadgroup_change_begin(cpu: Cpu, task: task_struct): Path {
      yield* cpu.down_read((yield* cpu.read(task.signal)).group_rwsem);
    }

    *threadgroup_change_end(cpu: Cpu, task: task_struct): Path {
      yield* cpu.up_read((yield* cpu.read(task.signal)).group_rwsem);
    }

    /** exit_signals(), kernel/signal.c, v3.4. The caller holds nothing; group_rwsem (read) > siglock. */
    override *exit_signals(cpu: Cpu, task: task_struct): Path {
      yield* this.threadgroup_change_begin(cpu, task);
      if (yield* this.is_last_or_group_exit(cpu, task)) {
        yield* cpu.set_bits(task.flags, PF_EXITING);
        yield* this.threadgroup_change_end(cpu, task);
        return;
      }
      const { siglock } = yield* cpu.read(task.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* cpu.set_bits(task.flags, PF_EXITING);
      yield* this.threadgroup_change_end(cpu, task);
      yield* cpu.spin_unlock_irq(siglock);
    }
  };
