// struct mutex: one owner, who sleeps while he waits and alone may unlock. Not recursive. It models no
// optimistic spinning and no handoff: any waiter may get a free mutex, which includes every order they allow.
import { Primitive } from '../op.js';
import { ACQUIRES_WRITE, RELEASES_WRITE, TRIES_WRITE } from './use.js';
import {
  actAcquire,
  actRelease,
  announceSleeping,
  ExclusiveLock,
  isGrantable,
} from './exclusive.js';
import { isFreed, lockOf, narrateLock, NOBODY, park, take, unpark } from './lock.js';
import { load } from '../cell.js';

export class Mutex extends ExclusiveLock {
  readonly type = 'mutex';
}

export const MUTEX_LOCK = new Primitive({
  name: 'mutex_lock',
  lock: ACQUIRES_WRITE,
  announce: announceSleeping,
  park,
  forget: unpark,
  isEnabled: isGrantable,
  blockers: (op, visit) => {
    lockOf(op).visitBlockers(op, visit);
  },
  act: actAcquire,
  narrate: narrateLock,
});

/** Returns whether it took the mutex; never waits. */
export const MUTEX_TRYLOCK = new Primitive({
  name: 'mutex_trylock',
  lock: TRIES_WRITE,
  act: (op) => {
    const lock = lockOf(op);
    if (isFreed(op, lock) || load(lock.holder) !== NOBODY) return false;
    take(op, lock);
    return true;
  },
  narrate: (op, taken) => `${narrateLock(op)}: ${taken === true ? 'taken' : 'busy'}`,
});

export const MUTEX_UNLOCK = new Primitive({
  name: 'mutex_unlock',
  lock: RELEASES_WRITE,
  act: actRelease,
  narrate: narrateLock,
});
