// spinlock_t and raw_spinlock_t: the holder cannot be preempted on its CPU; the bh and irq forms also keep softirqs and
// interrupts out there. Waiting spins; that is not a step, and masks nothing before the lock is taken. Fair queueing
// of the waiters (ticket locks, from 2.6.25) is not modelled: any waiter may be next, which includes every fair order.
// With PREEMPT_RT spinlock_t sleeps, see rt.ts; raw_spinlock_t spins on.
import { load } from '../cell.js';
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import {
  acquireExclusive,
  announceExclusive,
  ExclusiveLock,
  isGrantable,
  releaseExclusive,
} from './exclusive.js';
import {
  type Form,
  type Forms,
  inEachForm,
  type LockPrimitives,
  spinningForms,
  tryInForm,
} from './forms.js';
import { isFreed, lockOf, narrateLock, NOBODY, park, take, unpark } from './lock.js';
import { mightSleepOnRt, sleepingForms } from './rt.js';
import { ACQUIRES_WRITE, narrateTry, RELEASES_WRITE, TRIES_WRITE } from './use.js';

/** A spinlock_t, or, where the profile is not RT, anything that spins. */
export class Spinlock extends ExclusiveLock {
  readonly type: string = 'spinlock';
  /** The primitives on this lock. */
  readonly forms: Forms<LockPrimitives>;

  /** @param sleeps with PREEMPT_RT: its waiters sleep */
  constructor(owner: Named | undefined, field: string, sleeps: boolean) {
    super(owner, field);
    this.forms = sleeps ? sleeping : spinning;
  }
}

/** A raw_spinlock_t: it spins with PREEMPT_RT too. */
export class RawSpinlock extends Spinlock {
  override readonly type = 'raw_spinlock';

  constructor(owner: Named | undefined, field: string) {
    super(owner, field, false);
  }
}

function visitHolder(op: Operation, visit: (thread: number) => void): void {
  lockOf(op).visitBlockers(op, visit);
}

function announceOnRt(op: Operation): void {
  mightSleepOnRt(op);
  if (!op.slot.stopped) announceExclusive(op);
}

function tryExclusive(op: Operation, form: Form): unknown {
  const lock = lockOf(op);
  if (isFreed(op, lock)) return false;
  return tryInForm(op, form, () => {
    if (load(lock.holder) !== NOBODY) return false;
    take(op, lock);
    return true;
  });
}

function primitivesOf(form: Form, announce: (op: Operation) => void): LockPrimitives {
  return {
    acquire: new Primitive({
      name: `spin_lock${form.suffix}`,
      announce,
      park,
      forget: unpark,
      isEnabled: isGrantable,
      blockers: visitHolder,
      act: (op) => (acquireExclusive(op) ? form.enter(op) : undefined),
      narrate: narrateLock,
      lock: ACQUIRES_WRITE,
    }),
    attempt: new Primitive({
      name: `spin_trylock${form.suffix}`,
      act: (op) => tryExclusive(op, form),
      narrate: narrateTry,
      lock: TRIES_WRITE,
    }),
    release: new Primitive({
      name: `spin_unlock${form.releaseSuffix}`,
      act: (op) => {
        if (releaseExclusive(op)) form.leave(op);
      },
      narrate: narrateLock,
      lock: RELEASES_WRITE,
    }),
  };
}

const spinning = inEachForm(spinningForms, (form) => primitivesOf(form, announceExclusive));
const sleeping = inEachForm(sleepingForms, (form) => primitivesOf(form, announceOnRt));
