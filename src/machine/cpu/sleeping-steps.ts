// Locks whose waiters sleep: mutexes and rwsems.
import * as mutex from '../locks/mutex.js';
import { nested } from '../locks/nested.js';
import * as rwsem from '../locks/rwsem.js';
import type { Step } from '../op.js';
import { SpinningSteps } from './spinning-steps.js';

export abstract class SleepingSteps<out Task> extends SpinningSteps<Task> {
  mutex_lock(lock: mutex.Mutex): Step<void> {
    return this.lock(mutex.MUTEX_LOCK, lock) as Step<void>;
  }

  /** The same, inside another mutex of the class: at a nesting level from 1 on, which the order among them follows. */
  mutex_lock_nested(lock: mutex.Mutex, level: number): Step<void> {
    return this.lock(nested(mutex.MUTEX_LOCK), lock, level) as Step<void>;
  }

  /** Returns whether it took the mutex. */
  mutex_trylock(lock: mutex.Mutex): Step<boolean> {
    return this.lock(mutex.MUTEX_TRYLOCK, lock) as Step<boolean>;
  }

  mutex_unlock(lock: mutex.Mutex): Step<void> {
    return this.lock(mutex.MUTEX_UNLOCK, lock) as Step<void>;
  }

  down_read(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_READ, sem) as Step<void>;
  }

  up_read(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.UP_READ, sem) as Step<void>;
  }

  down_write(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_WRITE, sem) as Step<void>;
  }

  up_write(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.UP_WRITE, sem) as Step<void>;
  }
}
