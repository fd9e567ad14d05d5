// 532de3fc72ad "cgroup: update cgroup_enable_task_cg_lists() to grab siglock" (cgroup/for-3.14-fixes).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';

/** PF_EXITING is tested, and the task linked, under siglock, which exit_signals() takes for a thread of several. */
export const siglock: Patch<For315> = (Base) =>
  class Siglock extends Base {
    /** kernel/cgroup.c:2889, v3.14.1. Under css_set_rwsem, tasklist_lock and task_lock; takes siglock. */
    override *link_unless_exiting(cpu: Cpu, task: task_struct): Path {
      const { siglock } = yield* cpu.read(task.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* super.link_unless_exiting(cpu, task);
      yield* cpu.spin_unlock_irq(siglock);
    }
  };
