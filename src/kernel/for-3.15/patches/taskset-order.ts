// 1b9aba49eab5 "cgroup: fix cgroup_taskset walking order" (v3.15): the first task of a taskset is the leader again,
// which 0002 had made the last one.
import type { ListHead, Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import { p0002 } from './0002.js';
import { p0004 } from './0004.js';

export const tasksetOrder: Patch<For315> = requires(
  [p0002, p0004],
  (Base) =>
    class TasksetOrder extends Base {
      /** In cgroup_task_migrate() and cgroup_migrate(), kernel/cgroup.c:1771 and 1943, v3.15. Under css_set_rwsem. */
      override *move_to_mg_tasks(cpu: Cpu, task: task_struct, cset: css_set): Path {
        yield* cpu.list_move_tail(task.cg_list, cset.mg_tasks);
      }

      /** In cgroup_migrate(), kernel/cgroup.c:1944, v3.15: a css_set keeps the place of its first task. */
      override *chain_cset(cpu: Cpu, cset: css_set, csets: ListHead<css_set>): Path {
        if (yield* cpu.list_empty(cset.mg_node)) yield* cpu.list_move_tail(cset.mg_node, csets);
      }
    },
);
