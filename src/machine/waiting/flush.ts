// Waiting for work items: for one queueing, for all of a workqueue, or until none is left. The first event looks who has
// to be waited for, and if there is anybody a second one comes when they are done. What is queued later is not waited for.
import { load, store } from '../cell.js';
import { type Operation, Primitive, type PrimitiveParts } from '../op.js';
import type { Thread } from '../thread.js';
import { meetsFreed } from './event-object.js';
import { takeBack } from './work.js';
import type { Queueing, Work, Workqueue } from './workqueue.js';

const workOf = (op: Operation): Work => op.subject as Work;
const queueOf = (op: Operation): Workqueue => op.subject as Workqueue;

/** The workers whose end the operation awaits. */
const awaitedBy = (op: Operation): readonly Thread[] =>
  op.phase === 0 ? [] : (op.b as readonly Thread[]);

const waiting = {
  signal: 'waits',
  announce: (op: Operation): void => {
    op.machine.contexts.mightSleep(op);
  },
  isEnabled: (op: Operation): boolean => awaitedBy(op).every(({ ended }) => ended),
  blockers: (op: Operation, visit: (thread: number) => void): void => {
    for (const { ended, index } of awaitedBy(op)) if (!ended) visit(index);
  },
  narrate: (op: Operation): string => {
    const { label } = op.subject as Work | Workqueue;
    return `${op.primitive.name}(${label})${op.isPending ? ': waits' : ''}`;
  },
} satisfies Partial<PrimitiveParts>;

/** Leaves the operation pending until these are done. */
function awaitEnds(op: Operation, items: readonly Queueing[]): void {
  const workers = items.map(({ worker }) => worker);
  op.phase = 1;
  op.b = workers;
  op.keepPending();
  for (const worker of workers) worker.joiners.push(op);
  op.machine.blockOnLock(op);
}

/** The queueing of the item that was the last at this time, if it is not done. */
function lastQueueing(work: Work): Queueing | undefined {
  const queue = load(work.queue);
  return queue?.find(work, false) ?? queue?.find(work, true);
}

/** Returns whether there was anything to wait for. */
export const FLUSH_WORK = new Primitive({
  ...waiting,
  name: 'flush_work',
  act: (op) => {
    if (op.phase === 1) {
      op.phase = 0;
      return true;
    }
    if (meetsFreed(op, workOf(op).pending)) return false;
    const item = lastQueueing(workOf(op));
    if (item !== undefined) awaitEnds(op, [item]);
    return item !== undefined;
  },
});

/** Takes the item back, and waits while it runs; meanwhile nobody can queue it. Returns whether it was pending. */
export const CANCEL_WORK_SYNC = new Primitive({
  ...waiting,
  name: 'cancel_work_sync',
  act: (op) => {
    const work = workOf(op);
    if (meetsFreed(op, work.pending)) return false;
    const { journal } = op.machine;
    if (op.phase === 1) {
      op.phase = 0;
      store(work.cancels, load(work.cancels) - 1, journal);
      return op.a;
    }
    op.a = takeBack(op, work);
    const running = load(work.queue)?.find(work, true);
    if (running === undefined) return op.a;
    store(work.cancels, load(work.cancels) + 1, journal);
    awaitEnds(op, [running]);
    return op.a;
  },
});

export const FLUSH_WORKQUEUE = new Primitive({
  ...waiting,
  name: 'flush_workqueue',
  act: (op) => {
    if (op.phase === 1) {
      op.phase = 0;
      return;
    }
    if (meetsFreed(op, queueOf(op).items)) return;
    const items = load(queueOf(op).items);
    if (items.length > 0) awaitEnds(op, items);
  },
});

/** Waits until nothing is left, also of what its own items queue; whoever else queues meanwhile is warned. */
function draining(name: string, destroys: boolean): Primitive {
  return new Primitive({
    ...waiting,
    name,
    act: (op) => {
      const queue = queueOf(op);
      if (meetsFreed(op, queue.items)) return;
      const { journal } = op.machine;
      const begins = op.phase === 0;
      const items = load(queue.items);
      if (items.length > 0) {
        if (begins) store(queue.drainers, load(queue.drainers) + 1, journal);
        awaitEnds(op, items);
        return;
      }
      if (!begins) store(queue.drainers, load(queue.drainers) - 1, journal);
      op.phase = 0;
      if (destroys) store(queue.destroyed, true, journal);
    },
  });
}

export const DRAIN_WORKQUEUE = draining('drain_workqueue', false);
export const DESTROY_WORKQUEUE = draining('destroy_workqueue', true);
