// 116d2f7496c5 "cgroup: Fix deadlock in cpu hotplug path" (v4.16): cgroup_transfer_tasks() passes over exiting tasks,
// which it cannot move, and for which it went round until they had left.
import type { Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import { p0007 } from './0007.js';

export const transferSkipsExiting: Patch<For315> = requires(
  p0007,
  (Base) =>
    class TransferSkipsExiting extends Base {
      /** The inner loop of cgroup_transfer_tasks(), kernel/cgroup/cgroup-v1.c:130, v4.19. */
      override *first_task_of(cpu: Cpu, cgrp: cgroup): Path<task_struct | undefined> {
        let it = yield* this.css_task_iter_start(cpu, cgrp);
        let task: task_struct | undefined;
        do {
          [task, it] = yield* this.css_task_iter_next(cpu, it);
        } while (task !== undefined && (yield* this.is_exiting(cpu, task)));
        if (task !== undefined) yield* this.get_task_struct(cpu, task);
        yield* this.css_task_iter_end(cpu);
        return task;
      }
    },
);
