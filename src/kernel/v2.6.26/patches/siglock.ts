// 532de3fc72ad "cgroup: update cgroup_enable_task_cg_lists() to grab siglock", 2014.
import type { Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';
import { walkTasklist } from './walk-tasklist.js';

/** PF_EXITING is tested, and the task linked, under siglock, which exit_signals() takes for a thread of several. */
export const siglock: Patch<V2626> = requires(
  walkTasklist,
  (Base) =>
    class Siglock extends Base {
      /** In cgroup_enable_task_cg_lists(). Under css_set_lock, tasklist_lock and task_lock; takes siglock. */
      override *enable_unless_linked(cpu: Cpu, task: task_struct): Path {
        const { siglock } = yield* cpu.read(task.sighand);
        yield* cpu.spin_lock_irq(siglock);
        yield* super.enable_unless_linked(cpu, task);
        yield* cpu.spin_unlock_irq(siglock);
      }
    },
);
