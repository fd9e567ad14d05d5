// The era in which a whole process could be moved for the first time, for scenarios and properties.
export { leaveNothingOut31 } from './elisions.js';
export type { Events as Events31 } from './events.js';
export { threadgroups } from './threadgroups.js';
export { V31 } from './v3.1.js';
