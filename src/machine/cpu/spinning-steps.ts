// Locks whose waiters spin: spinlock_t and rwlock_t. With PREEMPT_RT the same names sleep.
import { nested } from '../locks/nested.js';
import type { Rwlock } from '../locks/rwlock.js';
import type { Spinlock } from '../locks/spinlock.js';
import type { Step } from '../op.js';
import { ListSteps } from './list-steps.js';

export abstract class SpinningSteps<out Task> extends ListSteps<Task> {
  spin_lock(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.plain.acquire, lock) as Step<void>;
  }

  /** The same, inside another spinlock of the class: at a nesting level from 1 on. */
  spin_lock_nested(lock: Spinlock, level: number): Step<void> {
    return this.lock(nested(lock.forms.plain.acquire), lock, level) as Step<void>;
  }

  /** Returns whether it took the lock. */
  spin_trylock(lock: Spinlock): Step<boolean> {
    return this.lock(lock.forms.plain.attempt, lock) as Step<boolean>;
  }

  spin_unlock(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.plain.release, lock) as Step<void>;
  }

  spin_lock_bh(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.bh.acquire, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  spin_trylock_bh(lock: Spinlock): Step<boolean> {
    return this.lock(lock.forms.bh.attempt, lock) as Step<boolean>;
  }

  spin_unlock_bh(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.bh.release, lock) as Step<void>;
  }

  spin_lock_irq(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.irq.acquire, lock) as Step<void>;
  }

  /** Returns whether it took the lock; if not, it enables interrupts, whatever they were before (K-05). */
  spin_trylock_irq(lock: Spinlock): Step<boolean> {
    return this.lock(lock.forms.irq.attempt, lock) as Step<boolean>;
  }

  /** Unmasks interrupts whatever they were before: a warning where an outer section relied on the mask. */
  spin_unlock_irq(lock: Spinlock): Step<void> {
    return this.lock(lock.forms.irq.release, lock) as Step<void>;
  }

  /** Returns the flags to give back: whether interrupts were on. */
  spin_lock_irqsave(lock: Spinlock): Step<boolean> {
    return this.lock(lock.forms.irqsave.acquire, lock) as Step<boolean>;
  }

  /** Returns the flags to give back, or null where the lock is busy. */
  spin_trylock_irqsave(lock: Spinlock): Step<boolean | null> {
    return this.lock(lock.forms.irqsave.attempt, lock) as Step<boolean | null>;
  }

  spin_unlock_irqrestore(lock: Spinlock, flags: boolean): Step<void> {
    return this.lock(lock.forms.irqsave.release, lock, flags) as Step<void>;
  }

  read_lock(lock: Rwlock): Step<void> {
    return this.lock(lock.read.plain.acquire, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  read_trylock(lock: Rwlock): Step<boolean> {
    return this.lock(lock.read.plain.attempt, lock) as Step<boolean>;
  }

  read_unlock(lock: Rwlock): Step<void> {
    return this.lock(lock.read.plain.release, lock) as Step<void>;
  }

  read_lock_bh(lock: Rwlock): Step<void> {
    return this.lock(lock.read.bh.acquire, lock) as Step<void>;
  }

  read_unlock_bh(lock: Rwlock): Step<void> {
    return this.lock(lock.read.bh.release, lock) as Step<void>;
  }

  read_lock_irq(lock: Rwlock): Step<void> {
    return this.lock(lock.read.irq.acquire, lock) as Step<void>;
  }

  read_unlock_irq(lock: Rwlock): Step<void> {
    return this.lock(lock.read.irq.release, lock) as Step<void>;
  }

  /** Returns the flags to give back. */
  read_lock_irqsave(lock: Rwlock): Step<boolean> {
    return this.lock(lock.read.irqsave.acquire, lock) as Step<boolean>;
  }

  read_unlock_irqrestore(lock: Rwlock, flags: boolean): Step<void> {
    return this.lock(lock.read.irqsave.release, lock, flags) as Step<void>;
  }

  write_lock(lock: Rwlock): Step<void> {
    return this.lock(lock.write.plain.acquire, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  write_trylock(lock: Rwlock): Step<boolean> {
    return this.lock(lock.write.plain.attempt, lock) as Step<boolean>;
  }

  write_unlock(lock: Rwlock): Step<void> {
    return this.lock(lock.write.plain.release, lock) as Step<void>;
  }

  write_lock_bh(lock: Rwlock): Step<void> {
    return this.lock(lock.write.bh.acquire, lock) as Step<void>;
  }

  write_unlock_bh(lock: Rwlock): Step<void> {
    return this.lock(lock.write.bh.release, lock) as Step<void>;
  }

  write_lock_irq(lock: Rwlock): Step<void> {
    return this.lock(lock.write.irq.acquire, lock) as Step<void>;
  }

  write_unlock_irq(lock: Rwlock): Step<void> {
    return this.lock(lock.write.irq.release, lock) as Step<void>;
  }

  /** Returns the flags to give back. */
  write_lock_irqsave(lock: Rwlock): Step<boolean> {
    return this.lock(lock.write.irqsave.acquire, lock) as Step<boolean>;
  }

  write_unlock_irqrestore(lock: Rwlock, flags: boolean): Step<void> {
    return this.lock(lock.write.irqsave.release, lock, flags) as Step<void>;
  }
}
