// struct completion as a counter with a queue (swait, 5.7 and later): complete() adds one and wakes the first waiter, who
// takes one away; somebody who comes in between may take it instead, and then the woken one queues again at the end.
// Timeouts and interruptible waits are not modelled.
import { Cell, load, poison, store } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import type { Thread } from '../thread.js';
import { EventObject, meetsFreed, settled } from './event-object.js';

/** What complete_all() leaves in the counter: it is never used up. UINT_MAX in the kernel. */
const ALL = Number.POSITIVE_INFINITY;

export class Completion extends EventObject {
  readonly type = 'completion';
  readonly done = new Cell<number>(this, 'done', 0);
  /** Those who wait and were not woken, first come first. */
  readonly waiters = new Cell<readonly Thread[]>(this, 'waiters', settled([]));

  override cells(): readonly Cell<unknown>[] {
    return [this.done as Cell<unknown>, this.waiters as Cell<unknown>];
  }

  /** For properties: completion_done(). */
  peekDone(): boolean {
    return this.done.peek() > 0;
  }
}

const completionOf = (op: Operation): Completion => op.subject as Completion;
const isFreed = (op: Operation): boolean => meetsFreed(op, completionOf(op).done);

/** Takes one away if there is one. */
function take(op: Operation): boolean {
  const { done } = completionOf(op);
  const left = load(done);
  if (left === 0) return false;
  if (left !== ALL) store(done, left - 1, op.machine.journal);
  return true;
}

function setWaiters(op: Operation, waiters: readonly Thread[]): void {
  store(completionOf(op).waiters, settled(waiters), op.machine.journal);
}

/** Not yet queued, woken, or the memory is gone and the thread goes on into its panic. */
function isWoken(op: Operation): boolean {
  if (op.phase === 0) return true;
  const waiters = load(completionOf(op).waiters) as unknown;
  return waiters === poison || !(waiters as readonly Thread[]).includes(op.slot);
}

/** Queues the thread in one event, unless it is done already; takes one in another when it was woken. */
export const WAIT_FOR_COMPLETION = new Primitive({
  name: 'wait_for_completion',
  signal: 'waits',
  announce: (op) => {
    op.machine.contexts.mightSleep(op);
  },
  isEnabled: isWoken,
  act: (op) => {
    if (isFreed(op)) return;
    if (take(op)) {
      op.phase = 0;
      return;
    }
    op.phase = 1;
    op.keepPending();
    setWaiters(op, [...load(completionOf(op).waiters), op.slot]);
    op.machine.block(op);
  },
  narrate: (op) =>
    `wait_for_completion(${completionOf(op).label})${op.isPending ? ': sleeps' : ''}`,
});

/** Returns whether it took one; never waits. */
export const TRY_WAIT_FOR_COMPLETION = new Primitive({
  name: 'try_wait_for_completion',
  act: (op) => {
    const taken = !isFreed(op) && take(op);
    if (taken) op.machine.races?.receives(op.slot, op.subject);
    return taken;
  },
});

export const COMPLETION_DONE = new Primitive({
  name: 'completion_done',
  effect: 'reads',
  plain: true,
  act: (op) => {
    const done = !isFreed(op) && op.load(completionOf(op).done) > 0;
    if (done) op.machine.races?.receives(op.slot, op.subject);
    return done;
  },
});

export const REINIT_COMPLETION = new Primitive({
  name: 'reinit_completion',
  act: (op) => {
    if (!isFreed(op)) store(completionOf(op).done, 0, op.machine.journal);
  },
});

export const COMPLETE = new Primitive({
  name: 'complete',
  signal: 'signals',
  act: (op) => {
    if (isFreed(op)) return;
    const { done, waiters } = completionOf(op);
    store(done, load(done) + 1, op.machine.journal);
    const [first, ...others] = load(waiters);
    if (first === undefined) return;
    setWaiters(op, others);
    op.machine.unblock(first.op);
  },
});

export const COMPLETE_ALL = new Primitive({
  name: 'complete_all',
  signal: 'signals',
  act: (op) => {
    if (isFreed(op)) return;
    const { done, waiters } = completionOf(op);
    store(done, ALL, op.machine.journal);
    const all = load(waiters);
    setWaiters(op, []);
    for (const { op: waiter } of all) op.machine.unblock(waiter);
  },
});
