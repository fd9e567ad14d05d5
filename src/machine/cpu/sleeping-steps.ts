// Locks whose waiters sleep: mutexes, rwsems and per-CPU rwsems.
import * as mutex from '../locks/mutex.js';
import { nested } from '../locks/nested.js';
import * as percpu from '../locks/percpu-rwsem.js';
import type { PercpuRwsem } from '../locks/percpu-rwsem.js';
import type { Rwsem } from '../locks/rwsem.js';
import * as rwsem from '../locks/rwsem-primitives.js';
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

  down_read(sem: Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_READ, sem) as Step<void>;
  }

  /** Returns whether it took the lock. */
  down_read_trylock(sem: Rwsem): Step<boolean> {
    return this.lock(rwsem.DOWN_READ_TRYLOCK, sem) as Step<boolean>;
  }

  /** Gets in past writers that wait: a proposal of 2009 that no kernel has. */
  down_read_unfair(sem: Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_READ_UNFAIR, sem) as Step<void>;
  }

  up_read(sem: Rwsem): Step<void> {
    return this.lock(rwsem.UP_READ, sem) as Step<void>;
  }

  /** A read hold that another thread may give back. */
  down_read_non_owner(sem: Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_READ_NON_OWNER, sem) as Step<void>;
  }

  /** Gives back a read hold that belongs to no thread. */
  up_read_non_owner(sem: Rwsem): Step<void> {
    return this.lock(rwsem.UP_READ_NON_OWNER, sem) as Step<void>;
  }

  down_write(sem: Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_WRITE, sem) as Step<void>;
  }

  /** Returns whether it took the lock. */
  down_write_trylock(sem: Rwsem): Step<boolean> {
    return this.lock(rwsem.DOWN_WRITE_TRYLOCK, sem) as Step<boolean>;
  }

  up_write(sem: Rwsem): Step<void> {
    return this.lock(rwsem.UP_WRITE, sem) as Step<void>;
  }

  /** The writer becomes a reader without letting another writer in. */
  downgrade_write(sem: Rwsem): Step<void> {
    return this.lock(rwsem.DOWNGRADE_WRITE, sem) as Step<void>;
  }

  percpu_down_read(sem: PercpuRwsem): Step<void> {
    return this.lock(percpu.PERCPU_DOWN_READ, sem) as Step<void>;
  }

  /** Returns whether it took the lock. */
  percpu_down_read_trylock(sem: PercpuRwsem): Step<boolean> {
    return this.lock(percpu.PERCPU_DOWN_READ_TRYLOCK, sem) as Step<boolean>;
  }

  percpu_up_read(sem: PercpuRwsem): Step<void> {
    return this.lock(percpu.PERCPU_UP_READ, sem) as Step<void>;
  }

  percpu_down_write(sem: PercpuRwsem): Step<void> {
    return this.lock(percpu.PERCPU_DOWN_WRITE, sem) as Step<void>;
  }

  percpu_up_write(sem: PercpuRwsem): Step<void> {
    return this.lock(percpu.PERCPU_UP_WRITE, sem) as Step<void>;
  }
}
