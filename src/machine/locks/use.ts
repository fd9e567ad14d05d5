// What the primitives of locks do to their lock: each has one of these.
import type { LockUse } from '../op.js';

export const ACQUIRES_WRITE: LockUse = { does: 'acquire', mode: 'write' };
export const ACQUIRES_READ: LockUse = { does: 'acquire', mode: 'read' };
/** Its result says whether it took the lock: true, or anything but false where it returns flags. */
export const TRIES_WRITE: LockUse = { does: 'try', mode: 'write' };
export const TRIES_READ: LockUse = { does: 'try', mode: 'read' };
export const RELEASES_WRITE: LockUse = { does: 'release', mode: 'write' };
export const RELEASES_READ: LockUse = { does: 'release', mode: 'read' };
