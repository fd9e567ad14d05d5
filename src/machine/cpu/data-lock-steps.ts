// Locks that are part of data: sequence counters, and bits of flag words.
import * as bit from '../locks/bit-lock.js';
import type { BitLock } from '../locks/bit-lock.js';
import * as seq from '../locks/seqlock.js';
import type { Seqcount, Seqlock } from '../locks/seqlock.js';
import type { Step } from '../op.js';
import { ChosenLockSteps } from './chosen-lock-steps.js';

export abstract class DataLockSteps<out Task> extends ChosenLockSteps<Task> {
  /** Waits for an even sequence, and returns it. */
  read_seqbegin(lock: Seqlock): Step<number> {
    return this.op.make(seq.READ_SEQBEGIN, lock) as Step<number>;
  }

  /** Whether the sequence has changed since: then what was read counts for nothing. */
  read_seqretry(lock: Seqlock, start: number): Step<boolean> {
    return this.op.make(seq.READ_SEQRETRY, lock, start) as Step<boolean>;
  }

  /** Waits for an even sequence, and returns it. */
  read_seqcount_begin(seqcount: Seqcount): Step<number> {
    return this.op.make(seq.READ_SEQCOUNT_BEGIN, seqcount) as Step<number>;
  }

  /** Whether the sequence has changed since: then what was read counts for nothing. */
  read_seqcount_retry(seqcount: Seqcount, start: number): Step<boolean> {
    return this.op.make(seq.READ_SEQCOUNT_RETRY, seqcount, start) as Step<boolean>;
  }

  /** Makes the sequence odd; with preemption off, and where no other writer can be. */
  write_seqcount_begin(seqcount: Seqcount): Step<void> {
    return this.lock(seq.WRITE_SEQCOUNT_BEGIN, seqcount) as Step<void>;
  }

  write_seqcount_end(seqcount: Seqcount): Step<void> {
    return this.lock(seq.WRITE_SEQCOUNT_END, seqcount) as Step<void>;
  }

  write_seqlock(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.plain.acquire, lock) as Step<void>;
  }

  write_sequnlock(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.plain.release, lock) as Step<void>;
  }

  write_seqlock_bh(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.bh.acquire, lock) as Step<void>;
  }

  write_sequnlock_bh(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.bh.release, lock) as Step<void>;
  }

  write_seqlock_irq(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.irq.acquire, lock) as Step<void>;
  }

  write_sequnlock_irq(lock: Seqlock): Step<void> {
    return this.lock(lock.forms.irq.release, lock) as Step<void>;
  }

  /** Returns the flags to give back. */
  write_seqlock_irqsave(lock: Seqlock): Step<boolean> {
    return this.lock(lock.forms.irqsave.acquire, lock) as Step<boolean>;
  }

  write_sequnlock_irqrestore(lock: Seqlock, flags: boolean): Step<void> {
    return this.lock(lock.forms.irqsave.release, lock, flags) as Step<void>;
  }

  bit_spin_lock(lock: BitLock): Step<void> {
    return this.lock(bit.BIT_SPIN_LOCK, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  bit_spin_trylock(lock: BitLock): Step<boolean> {
    return this.lock(bit.BIT_SPIN_TRYLOCK, lock) as Step<boolean>;
  }

  bit_spin_unlock(lock: BitLock): Step<void> {
    return this.lock(bit.BIT_SPIN_UNLOCK, lock) as Step<void>;
  }

  /** By an ordinary store, where the lock protects the other bits of the word as well. */
  __bit_spin_unlock(lock: BitLock): Step<void> {
    return this.lock(bit.BIT_SPIN_UNLOCK_NONATOMIC, lock) as Step<void>;
  }
}
