// Queueing, running and cancelling work items. Each queueing gets a thread of its own, named after who queued it, which
// waits until the workqueue lets it begin. It touches the work item before its function runs and not after that, so
// that a function may free the object that it is part of.
import { load, store } from '../cell.js';
import type { Machine } from '../machine.js';
import { type Operation, type Path, Primitive } from '../op.js';
import type { Thread } from '../thread.js';
import { meetsFreed } from './event-object.js';
import { Queueing, type Work, type WorkFunction, type Workqueue } from './workqueue.js';

const workOf = (op: Operation): Work => op.subject as Work;
const isFreed = (op: Operation): boolean => meetsFreed(op, workOf(op).pending);

/** INIT_WORK(): `a` is the function. A panic for an item that is queued, whose links it would overwrite. */
export const INIT_WORK = new Primitive({
  name: 'INIT_WORK',
  act: (op) => {
    if (isFreed(op)) return;
    if (load(workOf(op).pending)) {
      op.machine.panic(op, `INIT_WORK(${workOf(op).name}): it is pending`);
      return;
    }
    store(workOf(op).func, op.a as WorkFunction, op.machine.journal);
  },
  narrate: (op) => `INIT_WORK(${workOf(op).label})`,
});

/** Queues work item `subject` on workqueue `a`; false where it was pending already. */
export const QUEUE_WORK = new Primitive({
  name: 'queue_work',
  act: (op) => {
    const queue = op.a as Workqueue;
    const work = workOf(op);
    if (isFreed(op) || meetsFreed(op, queue.items)) return false;
    if (!isOpen(op, queue)) return false;
    // Also where it is pending already, its function sees what was done before this.
    op.machine.races?.handsOn(op.slot, work);
    if (load(work.pending) || load(work.cancels) > 0) return false;
    const func = load(work.func);
    if (func === undefined) {
      op.machine.panic(op, `queue_work(${work.name}): it has no function, INIT_WORK() is missing`);
      return false;
    }
    enqueue(op, queue, work, func);
    return true;
  },
  narrate: (op, queued) =>
    `queue_work(${(op.a as Workqueue).label}, ${workOf(op).label})${queued === true ? '' : ': no'}`,
});

/** Whether the workqueue takes work from this thread; a warning where it does not. */
function isOpen({ machine, slot }: Operation, queue: Workqueue): boolean {
  const closed = load(queue.destroyed)
    ? 'it was destroyed'
    : load(queue.drainers) > 0 && queue.itemOf(slot)?.running !== true
      ? 'it is being drained'
      : undefined;
  if (closed !== undefined) machine.warn(slot.index, `queue_work() on ${queue.name}: ${closed}`);
  return closed === undefined;
}

function enqueue(op: Operation, queue: Workqueue, work: Work, func: WorkFunction): void {
  const { machine, slot } = op;
  store(work.pending, true, machine.journal);
  store(work.queue, queue, machine.journal);
  // An item that still runs is queued where it runs, whoever queues it.
  const pool = queue.find(work, true)?.pool ?? (queue.unbound ? 0 : slot.processor.id);
  const worker = spawnWorker(machine, slot, queue, work, pool);
  queue.set([...load(queue.items), new Queueing(work, func, worker, pool, false)], machine);
}

function spawnWorker(
  machine: Machine,
  creator: Thread,
  queue: Workqueue,
  work: Work,
  pool: number,
): Thread {
  const index = machine.threadCount;
  return machine.spawn(creator, {
    name: `kworker/${work.name}`,
    path: () => processOneWork(machine.thread(index), queue, work),
    current: undefined,
    cpu: queue.unbound ? undefined : pool,
  });
}

/** process_one_work(), without the pool lock: what it does under that lock is one event. */
function* processOneWork(worker: Thread, queue: Workqueue, work: Work): Path {
  worker.op.make(PROCESS_ONE_WORK, queue, work);
  const func = yield* worker.op as unknown as Path<WorkFunction>;
  yield* func(worker.cpu, work);
  worker.op.perform(WORK_DONE, queue, work);
}

/** The item begins: it is no longer pending, so that it can be queued again. */
export const PROCESS_ONE_WORK = new Primitive({
  name: 'process_one_work',
  announce: (op) => {
    // Its queueing is not in the list yet: who queues it settles the rest.
    op.machine.block(op);
  },
  isEnabled: (op) => (op.subject as Workqueue).mayBegin(op.slot),
  blockers: (op, visit) => {
    (op.subject as Workqueue).visitObstacles(op.slot, visit);
  },
  act: (op) => {
    const queue = op.subject as Workqueue;
    const work = op.a as Work;
    if (meetsFreed(op, work.pending) || meetsFreed(op, queue.items)) return undefined;
    op.machine.races?.receives(op.slot, work);
    store(work.pending, false, op.machine.journal);
    const begin = (item: Queueing): Queueing => (item.worker === op.slot ? item.begun() : item);
    queue.set(load(queue.items).map(begin), op.machine);
    return load(work.func);
  },
  narrate: (op) => `process_one_work(${(op.a as Work).label})`,
});

/**
 * The function has returned: the next item may begin, and whoever waits for this one goes on. No event, and no look into
 * the work item, which may be freed; here it is only a name for what is done.
 */
const WORK_DONE = new Primitive({
  name: 'work done',
  signal: 'signals',
  act: (op) => {
    const queue = op.subject as Workqueue;
    for (const event of [op.a, queue]) {
      op.subject = event;
      op.machine.lockdep.meetsEvent(op);
      op.machine.races?.handsOn(op.slot, event);
    }
    removeItem(op, queue, op.slot);
  },
});

function removeItem({ machine }: Operation, queue: Workqueue, worker: Thread): void {
  queue.set(
    load(queue.items).filter((item) => item.worker !== worker),
    machine,
  );
}

/** Takes back a queueing that has not begun; its worker has nothing to do any more. */
export function takeBack(op: Operation, work: Work): boolean {
  const queue = load(work.queue);
  const item = queue?.find(work, false);
  if (queue === undefined || item === undefined) return false;
  store(work.pending, false, op.machine.journal);
  removeItem(op, queue, item.worker);
  op.machine.ended(item.worker, undefined);
  return true;
}

/** Returns whether the item was pending. It may run on. */
export const CANCEL_WORK = new Primitive({
  name: 'cancel_work',
  act: (op) => !isFreed(op) && takeBack(op, workOf(op)),
});
