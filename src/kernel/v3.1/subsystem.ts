// A controller of this time, as a value that a scenario plugs into a hierarchy: callbacks per task, not per set.
import type { Path } from '../../machine/index.js';
import type { cgroup } from './css-set.js';
import type { Cpu, task_struct } from './task.js';

export interface cgroup_subsys {
  readonly name: string;
  /** May refuse by a negative error number. Under cgroup_mutex; may sleep. */
  readonly can_attach_task?: (cpu: Cpu, cgrp: cgroup, task: task_struct) => Path<number>;
  /** What can_attach_task allowed does not happen; told once for the whole process. */
  readonly cancel_attach?: (cpu: Cpu, cgrp: cgroup, leader: task_struct) => Path;
  /** The task is being moved. */
  readonly attach_task?: (cpu: Cpu, cgrp: cgroup, task: task_struct) => Path;
  /** The task leaves its cgroup for good. Under task_lock. */
  readonly exit?: (cpu: Cpu, old_cgrp: cgroup, task: task_struct) => Path;
}
