// CLONE_INTO_CGROUP, for scenarios and properties.
export { CLONE_INTO_CGROUP, CloneInto } from './clone-into.js';
export { cloneIntoCgroup } from './clone-into-cgroup.js';
