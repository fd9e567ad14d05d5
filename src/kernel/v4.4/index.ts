// The era in which css_set_lock is taken with softirqs off, for scenarios.
export { cssSetLock } from './css-set-lock.js';
export { leaveNothingOut44 } from './elisions.js';
export { V44 } from './v4.4.js';
