// Whether a read acquisition may nest in another one: lockdep's recursive readers, which no waiting writer holds up.
import type { Lock } from '../locks/lock.js';
import { QueuedRwlock } from '../locks/queued-rwlock.js';
import { Rwlock } from '../locks/rwlock.js';
import { Rwsem } from '../locks/rwsem.js';
import type { Operation } from '../op.js';

/**
 * True for readers whom only a writer that is in keeps out: of a reader-preferring lock, by an unfair read of an rwsem,
 * and of a queued rwlock in an interrupt (queued_read_lock_slowpath(), read_lock_is_recursive()).
 */
export function readersNest({ primitive, slot }: Operation, lock: Lock): boolean {
  if (lock instanceof QueuedRwlock) return slot.isHandler || slot.processor.bhIsOff;
  if (lock instanceof Rwlock) return true;
  if (!(lock instanceof Rwsem)) return false;
  return lock.policy === 'reader-preferring' || primitive.name === 'down_read_unfair';
}
