// The pids controller from 4.3 on, for scenarios and properties.
export { pidsController } from './pids-controller.js';
export { Pids } from './pids.js';
export { pids_cgroup, PIDS_MAX, type PidsEvents } from './pids-cgroup.js';
