// 5ee01f1a7343 "cgroup: fix race between task migration and iteration" (2026): a walk that stands on a task is pushed on
// before the task goes to mg_tasks. Else it goes on from there, and misses who came after it on tasks.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import type { Kernel612 } from './v6.12/index.js';

/** Stands on v6.12, where walks do without the lock between two tasks: see task-migration.ts. */
export const skipMigrating: Patch<Kernel612> = (Base) =>
  class SkipMigrating extends Base {
    /** cgroup_migrate_add_task(), kernel/cgroup/cgroup.c, v7.0: before list_move_tail(). Under css_set_lock. */
    override *move_to_mg_tasks(cpu: Cpu, task: task_struct, cset: css_set): Path {
      yield* this.css_set_skip_task_iters(cpu, cset, task);
      yield* super.move_to_mg_tasks(cpu, task, cset);
    }
  };
