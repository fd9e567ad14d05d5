// A controller, as a value that a scenario plugs into a hierarchy. Its callbacks are paths: what they do are
// steps. Of this era: nothing tells a subsystem that an attach it has allowed does not happen.
import type { Path } from '../../machine/index.js';
import type { cgroup } from './css-set.js';
import type { Cpu, task_struct } from './task.js';

export interface cgroup_subsys {
  readonly name: string;
  /** May refuse by a negative error number. Under cgroup_mutex; may sleep. */
  readonly can_attach?: (cpu: Cpu, cgrp: cgroup, task: task_struct) => Path<number>;
  /** The task has been moved; cannot fail. Under cgroup_mutex; may sleep. */
  readonly attach?: (cpu: Cpu, cgrp: cgroup, oldcgrp: cgroup, task: task_struct) => Path;
  /** A child is about to become visible. No lock is held; may sleep. */
  readonly fork?: (cpu: Cpu, task: task_struct) => Path;
  /** A task leaves its cgroup for good, which is still task->cgroups. No lock is held. */
  readonly exit?: (cpu: Cpu, task: task_struct) => Path;
}
