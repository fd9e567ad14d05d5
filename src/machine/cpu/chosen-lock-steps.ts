// Locks whose kind an era chooses: the primitives follow from the kind.
import type { ChosenLock } from '../locks/chosen.js';
import type { Step } from '../op.js';
import { SleepingSteps } from './sleeping-steps.js';

export abstract class ChosenLockSteps<out Task> extends SleepingSteps<Task> {
  /** spin_lock(), write_lock(), down_write() or what else takes a lock of its kind alone. */
  acquire({ lock, write }: ChosenLock): Step<void> {
    return this.lock(write.acquire, lock) as Step<void>;
  }

  release({ lock, write }: ChosenLock): Step<void> {
    return this.lock(write.release, lock) as Step<void>;
  }

  /** read_lock(), down_read() or, where its kind knows no readers, the same as acquire(). */
  acquire_read({ lock, read }: ChosenLock): Step<void> {
    return this.lock(read.acquire, lock) as Step<void>;
  }

  release_read({ lock, read }: ChosenLock): Step<void> {
    return this.lock(read.release, lock) as Step<void>;
  }
}
