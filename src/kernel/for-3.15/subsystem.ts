// A controller, as a value that a scenario plugs into a hierarchy. Its callbacks are paths: what they do are
// steps, and what they may not do there (sleep under a spinlock) is a verdict.
import type { Path } from '../../machine/index.js';
import type { cgroup } from './css-set.js';
import type { Cpu, task_struct } from './task.js';
import type { cgroup_taskset } from './taskset.js';

export interface cgroup_subsys {
  readonly name: string;
  /** May refuse by a negative error number. Under cgroup_mutex; may sleep. */
  readonly can_attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path<number>;
  /** The migration that can_attach allowed does not happen. */
  readonly cancel_attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path;
  /** The migration has happened. */
  readonly attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path;
  /** A child exists; called once it is linked. May sleep. */
  readonly fork?: (cpu: Cpu, child: task_struct) => Path;
  /** A task leaves its cgroup for good. Under task_lock before 0006, so it must not sleep. */
  readonly exit?: (cpu: Cpu, old_cgrp: cgroup, task: task_struct) => Path;
}
