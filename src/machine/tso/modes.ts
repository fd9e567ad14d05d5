// What each primitive is to x86's store buffers. Where nothing is said, it needs the CPU's own buffer empty, as a
// locked instruction does: that may hide what a real CPU does, but invents nothing.
import { QueuedRwlock } from '../locks/queued-rwlock.js';
import { Seqlock } from '../locks/seqlock.js';
import { RawSpinlock, Spinlock } from '../locks/spinlock.js';
import type { Operation, Primitive } from '../op.js';
import { CALLBACK, FREE, RCU_BARRIER } from '../rcu/callbacks.js';
import { SYNCHRONIZE_RCU, SYNCHRONIZE_RCU_EXPEDITED } from '../rcu/grace-period.js';
import * as flush from '../waiting/flush.js';
import { KTHREAD_STOP } from '../waiting/kthread.js';
import { PROCESS_ONE_WORK } from '../waiting/work.js';

export type Mode =
  /** Loads and stores: loads look into the CPU's buffer first, stores go there. */
  | 'plain'
  /** A store that gives a lock up: it is free once the store is visible. */
  | 'release'
  /** Waits until the CPU's buffer is empty, and then acts on memory: a locked instruction, a fence, an interrupt. */
  | 'fence';

export function modeOf({ primitive, subject, machine }: Operation): Mode {
  if (primitive.plain) return 'plain';
  if (primitive.lock?.does !== 'release' || primitive.lock.mode !== 'write') return 'fence';
  return isGivenUpByStore(subject, machine.profile.rt) ? 'release' : 'fence';
}

/**
 * spin_unlock(), which write_sequnlock() ends with, is a plain store. write_unlock() is one since queued rwlocks (3.16), and was `lock add` before. With
 * PREEMPT_RT both are rt_mutexes, given up by a cmpxchg, as is a mutex.
 */
function isGivenUpByStore(lock: unknown, rt: boolean): boolean {
  if (lock instanceof RawSpinlock || lock instanceof QueuedRwlock) return true;
  return (lock instanceof Spinlock || lock instanceof Seqlock) && !rt;
}

const everywhere = new Set<Primitive>([
  SYNCHRONIZE_RCU,
  SYNCHRONIZE_RCU_EXPEDITED,
  RCU_BARRIER,
  CALLBACK,
  FREE,
  flush.FLUSH_WORK,
  flush.CANCEL_WORK_SYNC,
  flush.FLUSH_WORKQUEUE,
  flush.DRAIN_WORKQUEUE,
  flush.DESTROY_WORKQUEUE,
  PROCESS_ONE_WORK,
  KTHREAD_STOP,
]);

/**
 * A grace period has every CPU pass a full memory barrier, and what a work item or a kthread has stored is visible to
 * whoever waits for its end. Both are modelled a little stronger: all buffers are empty then.
 */
export function isBarrierEverywhere({ primitive }: Operation): boolean {
  return everywhere.has(primitive);
}
