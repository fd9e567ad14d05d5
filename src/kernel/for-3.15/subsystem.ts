// A controller, as a value that a scenario plugs into a hierarchy. Its callbacks are paths: what they do are
// steps, and what they may not do there (sleep under a spinlock) is a verdict.
import type { Path } from '../../machine/index.js';
import type { cgroup, css_set } from './css-set.js';
import type { cgroup_subsys_state } from './css.js';
import type { Cpu, task_struct } from './task.js';
import type { cgroup_taskset } from './taskset.js';

export interface cgroup_subsys {
  readonly name: string;
  /** A css is made; may refuse by a negative error number. Under cgroup_mutex. */
  readonly css_online?: (cpu: Cpu, css: cgroup_subsys_state) => Path<number>;
  /** No css_tryget() succeeds any more. Under cgroup_mutex; may sleep. */
  readonly css_offline?: (cpu: Cpu, css: cgroup_subsys_state) => Path;
  /** Nobody has a reference; the css is freed next. No lock is held. */
  readonly css_free?: (cpu: Cpu, css: cgroup_subsys_state) => Path;
  /** May refuse by a negative error number. Under cgroup_mutex; may sleep. */
  readonly can_attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path<number>;
  /** The migration that can_attach allowed does not happen. */
  readonly cancel_attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path;
  /** The migration has happened. */
  readonly attach?: (cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset) => Path;
  /** A child exists; called once it is linked. May sleep. */
  readonly fork?: (cpu: Cpu, child: task_struct) => Path;
  /** Since 4.3: may refuse a fork, by a negative error number, before the child is visible; may sleep. */
  readonly can_fork?: (cpu: Cpu, child: task_struct, cset?: css_set) => Path<number>;
  /** Since 4.3: the fork that can_fork allowed does not happen. */
  readonly cancel_fork?: (cpu: Cpu, child: task_struct, cset?: css_set) => Path;
  /** 4.4 to 5.1: the last reference on the task_struct is gone. Atomic. */
  readonly free?: (cpu: Cpu, task: task_struct) => Path;
  /** Since 5.2: the task is about to lose its pid. May not sleep under tasklist_lock; it is called before. */
  readonly release?: (cpu: Cpu, task: task_struct) => Path;
  /** A task leaves its cgroup for good. Under task_lock before 0006, so it must not sleep. */
  readonly exit?: (cpu: Cpu, old_cgrp: cgroup, task: task_struct) => Path;
}
