// Locks whose waiters spin: spinlock_t and rwlock_t.
import * as rwlock from '../locks/rwlock.js';
import * as spin from '../locks/spinlock.js';
import type { Step } from '../op.js';
import { ListSteps } from './list-steps.js';

export abstract class SpinningSteps<out Task> extends ListSteps<Task> {
  spin_lock(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_LOCK, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  spin_trylock(lock: spin.Spinlock): Step<boolean> {
    return this.lock(spin.SPIN_TRYLOCK, lock) as Step<boolean>;
  }

  spin_unlock(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_UNLOCK, lock) as Step<void>;
  }

  spin_lock_irq(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_LOCK_IRQ, lock) as Step<void>;
  }

  spin_unlock_irq(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_UNLOCK_IRQ, lock) as Step<void>;
  }

  /** Returns the flags to give back: whether interrupts were on. */
  spin_lock_irqsave(lock: spin.Spinlock): Step<boolean> {
    return this.lock(spin.SPIN_LOCK_IRQSAVE, lock) as Step<boolean>;
  }

  spin_unlock_irqrestore(lock: spin.Spinlock, flags: boolean): Step<void> {
    return this.lock(spin.SPIN_UNLOCK_IRQRESTORE, lock, flags) as Step<void>;
  }

  read_lock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_LOCK, lock) as Step<void>;
  }

  read_unlock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_UNLOCK, lock) as Step<void>;
  }

  read_lock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_LOCK_IRQ, lock) as Step<void>;
  }

  read_unlock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_UNLOCK_IRQ, lock) as Step<void>;
  }

  write_lock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_LOCK, lock) as Step<void>;
  }

  write_unlock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_UNLOCK, lock) as Step<void>;
  }

  write_lock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_LOCK_IRQ, lock) as Step<void>;
  }

  write_unlock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_UNLOCK_IRQ, lock) as Step<void>;
  }
}
