// What the primitives of locks do to their lock, each one of these; and whether a trylock took it.
import type { LockUse, Operation } from '../op.js';
import { narrateLock } from './lock.js';

export const ACQUIRES_WRITE: LockUse = { does: 'acquire', mode: 'write' };
export const ACQUIRES_READ: LockUse = { does: 'acquire', mode: 'read' };
/** See tookLock(). */
export const TRIES_WRITE: LockUse = { does: 'try', mode: 'write' };
export const TRIES_READ: LockUse = { does: 'try', mode: 'read' };
export const RELEASES_WRITE: LockUse = { does: 'release', mode: 'write' };
export const RELEASES_READ: LockUse = { does: 'release', mode: 'read' };
/** Its writers must exclude each other by other means. */
export const ENTERS_SEQCOUNT: LockUse = { ...ACQUIRES_WRITE, orders: false };
export const LEAVES_SEQCOUNT: LockUse = { ...RELEASES_WRITE, orders: false };

/** Whether the result of a trylock says that it took the lock: irqsave forms return flags, or null for busy. */
export function tookLock(op: Operation, result: unknown): boolean {
  return op.primitive.name.endsWith('_irqsave') ? result !== null : result === true;
}

export function narrateTry(op: Operation, result: unknown): string {
  return `${narrateLock(op)}: ${tookLock(op, result) ? 'taken' : 'busy'}`;
}
