// What each primitive is to x86's store buffers. Where nothing is said, it needs the CPU's own buffer empty, as a
// locked instruction does: that may hide what a real CPU does, but invents nothing.
import { Rwlock } from '../locks/rwlock.js';
import { Spinlock } from '../locks/spinlock.js';
import type { Operation } from '../op.js';

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
  const { rt, rwlock } = machine.profile;
  // On PREEMPT_RT both are rt_mutexes, given up by a cmpxchg.
  if (rt) return 'fence';
  if (subject instanceof Spinlock) return 'release';
  // write_unlock() was `lock add` on x86 before queued rwlocks (3.16), where it is the store of a byte.
  return subject instanceof Rwlock && rwlock === 'queued' ? 'release' : 'fence';
}
