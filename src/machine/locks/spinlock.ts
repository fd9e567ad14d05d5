// spinlock_t without PREEMPT_RT: the holder cannot be preempted on its CPU; the irq forms also mask interrupts
// there. Waiting spins; that is not a step, and masks nothing before the lock is taken. Fair queueing of the
// waiters (ticket locks, from 2.6.25) is not modelled: any waiter may be next, which includes every fair order.
import { type Operation, Primitive } from '../op.js';
import { ACQUIRES_WRITE, RELEASES_WRITE, TRIES_WRITE } from './use.js';
import {
  acquireExclusive,
  announceExclusive,
  ExclusiveLock,
  isGrantable,
  releaseExclusive,
} from './exclusive.js';
import { isFreed, lockOf, narrateLock, NOBODY, park, take, unpark } from './lock.js';
import { load } from '../cell.js';

export class Spinlock extends ExclusiveLock {
  readonly type = 'spinlock';
}

function blockers(op: Operation, visit: (thread: number) => void): void {
  lockOf(op).visitBlockers(op, visit);
}

const common = {
  announce: announceExclusive,
  park,
  forget: unpark,
  isEnabled: isGrantable,
  blockers,
  narrate: narrateLock,
} as const;

export const SPIN_LOCK = new Primitive({
  ...common,
  name: 'spin_lock',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    if (acquireExclusive(op)) op.machine.contexts.preemptDisable(op.slot);
  },
});

export const SPIN_UNLOCK = new Primitive({
  name: 'spin_unlock',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (releaseExclusive(op)) op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});

/** Returns whether it took the lock; never waits. */
export const SPIN_TRYLOCK = new Primitive({
  name: 'spin_trylock',
  lock: TRIES_WRITE,
  act: (op) => {
    const lock = lockOf(op);
    if (isFreed(op, lock) || load(lock.holder) !== NOBODY) return false;
    take(op, lock);
    op.machine.contexts.preemptDisable(op.slot);
    return true;
  },
  narrate: (op, taken) => `${narrateLock(op)}: ${taken === true ? 'taken' : 'busy'}`,
});

export const SPIN_LOCK_IRQ = new Primitive({
  ...common,
  name: 'spin_lock_irq',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    if (!acquireExclusive(op)) return;
    op.machine.contexts.preemptDisable(op.slot);
    op.machine.contexts.irqDisable(op.slot);
  },
});

/** Unmasks interrupts whatever they were before: a warning where an outer section relied on the mask. */
export const SPIN_UNLOCK_IRQ = new Primitive({
  name: 'spin_unlock_irq',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (!releaseExclusive(op)) return;
    op.machine.contexts.irqEnable(op);
    op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});

/** Returns the flags to restore: whether interrupts were on. */
export const SPIN_LOCK_IRQSAVE = new Primitive({
  ...common,
  name: 'spin_lock_irqsave',
  lock: ACQUIRES_WRITE,
  act: (op) => {
    if (!acquireExclusive(op)) return undefined;
    op.machine.contexts.preemptDisable(op.slot);
    return op.machine.contexts.irqDisable(op.slot);
  },
});

/** Restores the flags in `a`. */
export const SPIN_UNLOCK_IRQRESTORE = new Primitive({
  name: 'spin_unlock_irqrestore',
  lock: RELEASES_WRITE,
  act: (op) => {
    if (!releaseExclusive(op)) return;
    op.machine.contexts.irqRestore(op.slot, op.a as boolean);
    op.machine.contexts.preemptEnable(op.slot);
  },
  narrate: narrateLock,
});
