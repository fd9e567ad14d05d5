// rwlock_t: a spinning reader-writer lock. This one prefers readers, as before 3.16 and with PREEMPT_RT: a reader gets
// in whenever no writer is in, however many writers wait, so read sections may nest, also in interrupts. From 3.16 on
// it queues: queued-rwlock.ts. The primitives are the same for both; they ask the lock who is admitted.
import { load, poison, tellAccesses } from '../cell.js';
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import {
  type Form,
  type Forms,
  inEachForm,
  type LockPrimitives,
  spinningForms,
  tryInForm,
} from './forms.js';
import { drop, isFreed, narrateLock, NOBODY, park, take, unpark } from './lock.js';
import { addReader, dropReader, SharedLock } from './readers.js';
import { mightSleepOnRt, sleepingForms } from './rt.js';
import {
  ACQUIRES_READ,
  ACQUIRES_WRITE,
  narrateTry,
  RELEASES_READ,
  RELEASES_WRITE,
  TRIES_READ,
  TRIES_WRITE,
} from './use.js';

export class Rwlock extends SharedLock {
  readonly type = 'rwlock';
  /** The primitives of readers on this lock. */
  readonly read: Forms<LockPrimitives>;
  /** The primitives of writers. */
  readonly write: Forms<LockPrimitives>;

  /** @param sleeps with PREEMPT_RT: its waiters sleep */
  constructor(owner: Named | undefined, field: string, sleeps = false) {
    super(owner, field);
    const { read, write } = sleeps ? sleeping : spinning;
    this.read = read;
    this.write = write;
  }

  override visitBlockers(op: Operation, visit: (thread: number) => void): void {
    this.visitHolders(writes(op), visit);
  }

  /** Whether a pending acquisition could take place, or join a queue, now. */
  couldProceed(op: Operation): boolean {
    return this.isFreeFor(op);
  }

  /** Whether one who comes now is let in at once. */
  isFreeFor(op: Operation): boolean {
    // Freed memory: the thread goes on into its panic.
    if (load(this.holder) === poison) return true;
    return load(this.holder) === NOBODY && !(writes(op) && load(this.readers) > 0);
  }

  /** Lets the acquisition take place; false if it stays pending. */
  admit(op: Operation): boolean {
    unpark(op);
    this.grant(op);
    return true;
  }

  protected grant(op: Operation): void {
    if (writes(op)) take(op, this);
    else addReader(op, this);
    this.settleWaiting(op);
  }

  /** Makes every waiting thread runnable or not, after the lock has changed hands. */
  settleWaiting({ machine }: Operation): void {
    if (this.parked.count === 0) return;
    const told = tellAccesses(undefined);
    for (const thread of this.parked.sorted()) {
      const waiter = machine.thread(thread).op;
      if (this.couldProceed(waiter)) machine.unblock(waiter);
      else machine.block(waiter);
    }
    tellAccesses(told);
  }
}

const rwlockOf = (op: Operation): Rwlock => op.subject as Rwlock;

/** Whether the operation is a writer's. */
export function writes(op: Operation): boolean {
  return op.primitive.lock?.mode === 'write';
}

function couldProceed(op: Operation): boolean {
  return rwlockOf(op).couldProceed(op);
}

function announce(op: Operation): void {
  if (!couldProceed(op)) op.machine.blockOnLock(op);
}

function announceOnRt(op: Operation): void {
  mightSleepOnRt(op);
  if (!op.slot.stopped) announce(op);
}

/** A spinner keeps its CPU from the moment it queues, so atomic context begins with the first event. */
function acquire(op: Operation, form: Form): unknown {
  const lock = rwlockOf(op);
  if (isFreed(op, lock)) return undefined;
  if (op.phase === 0) op.b = form.enter(op);
  return lock.admit(op) ? op.b : undefined;
}

function attempt(op: Operation, form: Form): unknown {
  const lock = rwlockOf(op);
  if (isFreed(op, lock)) return false;
  return tryInForm(op, form, () => {
    if (!lock.isFreeFor(op)) return false;
    lock.admit(op);
    return true;
  });
}

function release(op: Operation, form: Form): void {
  const lock = rwlockOf(op);
  if (!(writes(op) ? drop(op, lock) : dropReader(op, lock))) return;
  lock.settleWaiting(op);
  form.leave(op);
}

function primitivesOf(
  mode: 'read' | 'write',
  form: Form,
  announcing: (op: Operation) => void,
): LockPrimitives {
  const reads = mode === 'read';
  return {
    acquire: new Primitive({
      name: `${mode}_lock${form.suffix}`,
      announce: announcing,
      park,
      forget: unpark,
      isEnabled: couldProceed,
      blockers: (op, visit) => {
        rwlockOf(op).visitBlockers(op, visit);
      },
      act: (op) => acquire(op, form),
      narrate: (op) => (op.isPending ? `${narrateLock(op)}: queues` : narrateLock(op)),
      lock: reads ? ACQUIRES_READ : ACQUIRES_WRITE,
    }),
    attempt: new Primitive({
      name: `${mode}_trylock${form.suffix}`,
      act: (op) => attempt(op, form),
      narrate: narrateTry,
      lock: reads ? TRIES_READ : TRIES_WRITE,
    }),
    release: new Primitive({
      name: `${mode}_unlock${form.releaseSuffix}`,
      act: (op) => {
        release(op, form);
      },
      narrate: narrateLock,
      lock: reads ? RELEASES_READ : RELEASES_WRITE,
    }),
  };
}

const spinning = {
  read: inEachForm(spinningForms, (form) => primitivesOf('read', form, announce)),
  write: inEachForm(spinningForms, (form) => primitivesOf('write', form, announce)),
};
const sleeping = {
  read: inEachForm(sleepingForms, (form) => primitivesOf('read', form, announceOnRt)),
  write: inEachForm(sleepingForms, (form) => primitivesOf('write', form, announceOnRt)),
};
