// The era of seed 000, for scenarios and properties.
export { cgroup, cgroup_root, cgrp_cset_link, css_set, CGRP_RELEASABLE } from './css-set.js';
export { CGRP_DEAD, CGRP_NOTIFY_ON_RELEASE } from './cgroup.js';
export { cgroup_subsys_state, CSS_ONLINE } from './css.js';
export { elisions, leaveNothingOut } from './elisions.js';
export type { Events } from './events.js';
export { FlexArrayLayout, PAGE_SIZE, POINTER_SIZE, TASK_AND_CGROUP_SIZE } from './flex-array.js';
export { For315 } from './for-3.15.js';
export { Freezer } from './freezer/freezer.js';
export { EarlyFork } from './freezer/order-of-2012.js';
export { cgroupFreezer } from './freezer/series.js';
export type { css_task_iter } from './iter.js';
export { kernfs_node } from './kernfs-node.js';
export type { cgroup_subsys } from './subsystem.js';
export {
  CLONE_THREAD,
  type Cpu,
  EXIT_DEAD,
  EXIT_ZOMBIE,
  PF_EXITING,
  sighand_struct,
  SIGNAL_GROUP_EXIT,
  signal_struct,
  task_struct,
} from './task.js';
export { cgroup_taskset } from './taskset.js';
export type { Kernel612 } from './patches/v6.12/index.js';
export { cgroupToday } from './today.js';
export { type Patched315, taskMigration } from './task-migration.js';
