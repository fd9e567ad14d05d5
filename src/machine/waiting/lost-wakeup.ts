// Tells a lost wake-up from a deadlock once nothing can go on: a thread sleeps although what it sleeps until is true. What
// that is, wait_event() was told; for loops by hand the queue or schedule() may be. Where threads that could still have
// woken the sleeper wait for it themselves, and nobody has woken anybody there, it is a deadlock all the same.
import { load } from '../cell.js';
import type { Machine } from '../machine.js';
import type { Thread } from '../thread.js';
import type { Verdict } from '../verdict.js';
import { blockersOf } from '../waits.js';
import { probe } from './probe.js';
import { isAsleep, sleeperOf } from './sleeper.js';
import { Awaited } from './wait-event.js';
import { WaitQueue } from './wait-queue.js';

/** The verdict on the first thread that sleeps for no reason, or undefined. */
export function findLostWakeup(machine: Machine): Verdict | undefined {
  for (let t = 0; t < machine.threadCount; t++) {
    const thread = machine.thread(t);
    if (thread.ended || thread.stopped || !isAsleep(thread)) continue;
    if (!isDue(machine, thread)) continue;
    if (isWaitedFor(machine, thread) && !wasWoken(thread)) continue;
    return { kind: 'lost wakeup', thread: thread.name, message: messageOn(thread) };
  }
  return undefined;
}

function queueOf({ op }: Thread): WaitQueue | undefined {
  return op.subject instanceof WaitQueue ? op.subject : undefined;
}

/** Whether what the thread sleeps until has become true. */
function isDue(machine: Machine, thread: Thread): boolean {
  const { a: predicate, b: awaited } = thread.op;
  if (awaited instanceof Awaited) return probe(machine, thread, awaited.holds) === true;
  const holds = (predicate as (() => boolean) | undefined) ?? queueOf(thread)?.sleepsUntil;
  if (holds === undefined) return load(sleeperOf(thread).shouldStop);
  try {
    return holds();
  } catch {
    // What it would look at was freed: it will never become true.
    return false;
  }
}

/** Whether somebody has tried to wake it, or others where it sleeps. */
function wasWoken(thread: Thread): boolean {
  const queue = queueOf(thread);
  return queue === undefined ? load(sleeperOf(thread).shouldStop) : load(queue.lastWakeUp) !== null;
}

/** Whether any other thread waits for this one. */
function isWaitedFor(machine: Machine, thread: Thread): boolean {
  for (let t = 0; t < machine.threadCount; t++) {
    if (t !== thread.index && blockersOf(machine, t).includes(thread.index)) return true;
  }
  return false;
}

function messageOn(thread: Thread): string {
  const queue = queueOf(thread);
  const where = queue === undefined ? '' : ` on ${queue.name}`;
  return `${thread.name} sleeps${where} although what it sleeps until is true: ${missed(thread, queue)}`;
}

/** Who could have woken it. */
function missed(thread: Thread, queue: WaitQueue | undefined): string {
  if (queue === undefined) {
    return wasWoken(thread)
      ? 'kthread_stop() came before it went to sleep'
      : 'nobody woke it after it went to sleep';
  }
  const last = load(queue.lastWakeUp);
  if (last === null) return `nobody has woken anybody on ${queue.name}`;
  const who = `the last ${last.operation}(), by ${last.by.name},`;
  const others = last.woken.filter((woken) => woken !== thread);
  const passed = load(queue.waiters).some((waiter) => waiter.thread === thread && waiter.exclusive);
  if (passed && others.length > 0) {
    return `${who} woke only ${others.map(({ name }) => name).join(', ')}`;
  }
  return `${who} came before it went to sleep`;
}
