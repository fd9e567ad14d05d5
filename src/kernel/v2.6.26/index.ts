// The era of seeds 001 to 003, for scenarios and properties.
export { attachHistory } from './attach-history.js';
export {
  cg_cgroup_link,
  cgroup,
  CGRP_NOTIFY_ON_RELEASE,
  CGRP_RELEASABLE,
  CGRP_REMOVED,
  cgroupfs_root,
  css_set,
} from './css-set.js';
export { elisions, leaveNothingOut } from './elisions.js';
export type { Events } from './events.js';
export type { cgroup_iter } from './iter.js';
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
export { V2626 } from './v2.6.26.js';
