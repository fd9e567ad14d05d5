// list_del_init() for list_del() in cgroup_exit(): plain list_del() in v2.6.34, list_del_init() in v2.6.39.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu, task_struct } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

/** An exited task's node reads as empty, so that whoever looks at it later leaves it alone. */
export const unlinkInit: Patch<V2626> = (Base) =>
  class UnlinkInit extends Base {
    /** In cgroup_exit(). Under css_set_lock. */
    override *unlink_exiting(cpu: Cpu, task: task_struct): Path {
      yield* cpu.list_del_init(task.cg_list);
    }
  };
