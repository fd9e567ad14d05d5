// A lock whose kind an era chooses: css_set_lock was a rwlock, an rwsem and three forms of spinlock. A kernel class says
// once of which kind it is, m.lock('css_set_lock', 'rwsem'); its paths acquire() and release(), and every trace shows the
// primitive of that kind. Readers of a lock that knows no readers are writers.
import type { Primitive } from '../op.js';
import type { Lock } from './lock.js';
import * as mutex from './mutex.js';
import type { Mutex } from './mutex.js';
import * as percpu from './percpu-rwsem.js';
import type { PercpuRwsem } from './percpu-rwsem.js';
import type { Rwlock } from './rwlock.js';
import type { Rwsem } from './rwsem.js';
import * as rwsem from './rwsem-primitives.js';
import type { Spinlock } from './spinlock.js';

export type LockKind =
  | 'spinlock'
  | 'spinlock_bh'
  | 'spinlock_irq'
  | 'raw_spinlock'
  | 'raw_spinlock_irq'
  | 'rwlock'
  | 'rwlock_bh'
  | 'rwlock_irq'
  | 'mutex'
  | 'rwsem'
  | 'percpu_rwsem';

/** What acquires and releases it in one mode. */
interface Use {
  readonly acquire: Primitive;
  readonly release: Primitive;
}

/** The lock and what its kind calls acquiring and releasing it. The lock itself is for properties. */
export interface ChosenLock {
  readonly kind: LockKind;
  readonly lock: Lock;
  readonly write: Use;
  readonly read: Use;
}

/** Makes the locks of every kind. */
export interface LockMaker {
  spinlock(field: string): Spinlock;
  raw_spinlock(field: string): Spinlock;
  rwlock(field: string): Rwlock;
  mutex(field: string): Mutex;
  rwsem(field: string): Rwsem;
  percpu_rwsem(field: string): PercpuRwsem;
}

export function chosenLock(maker: LockMaker, field: string, kind: LockKind): ChosenLock {
  switch (kind) {
    case 'spinlock':
      return spinning(kind, maker.spinlock(field), 'plain');
    case 'spinlock_bh':
      return spinning(kind, maker.spinlock(field), 'bh');
    case 'spinlock_irq':
      return spinning(kind, maker.spinlock(field), 'irq');
    case 'raw_spinlock':
      return spinning(kind, maker.raw_spinlock(field), 'plain');
    case 'raw_spinlock_irq':
      return spinning(kind, maker.raw_spinlock(field), 'irq');
    case 'rwlock':
      return shared(kind, maker.rwlock(field), 'plain');
    case 'rwlock_bh':
      return shared(kind, maker.rwlock(field), 'bh');
    case 'rwlock_irq':
      return shared(kind, maker.rwlock(field), 'irq');
    case 'mutex':
      return exclusive(kind, maker.mutex(field), {
        acquire: mutex.MUTEX_LOCK,
        release: mutex.MUTEX_UNLOCK,
      });
    case 'rwsem':
      return {
        kind,
        lock: maker.rwsem(field),
        write: { acquire: rwsem.DOWN_WRITE, release: rwsem.UP_WRITE },
        read: { acquire: rwsem.DOWN_READ, release: rwsem.UP_READ },
      };
    case 'percpu_rwsem':
      return {
        kind,
        lock: maker.percpu_rwsem(field),
        write: { acquire: percpu.PERCPU_DOWN_WRITE, release: percpu.PERCPU_UP_WRITE },
        read: { acquire: percpu.PERCPU_DOWN_READ, release: percpu.PERCPU_UP_READ },
      };
  }
}

function exclusive(kind: LockKind, lock: Lock, use: Use): ChosenLock {
  return { kind, lock, write: use, read: use };
}

type PlainForm = 'plain' | 'bh' | 'irq';

function spinning(kind: LockKind, lock: Spinlock, form: PlainForm): ChosenLock {
  return exclusive(kind, lock, lock.forms[form]);
}

function shared(kind: LockKind, lock: Rwlock, form: PlainForm): ChosenLock {
  return { kind, lock, write: lock.write[form], read: lock.read[form] };
}
