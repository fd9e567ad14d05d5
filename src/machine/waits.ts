// Who waits for whom. A cycle can only close when a thread comes to a stop, so that is when this looks, and the
// report says what it was like at that moment.
import { load } from './cell.js';
import { ExclusiveLock } from './locks/exclusive.js';
import { NOBODY } from './locks/lock.js';
import type { Machine } from './machine.js';
import type { Operation } from './op.js';
import type { Named } from './names.js';
import type { Wait } from './verdict.js';

/** What a waiting operation waits for, as people say it. */
function awaitedName(
  { subject, primitive, machine, slot }: Operation,
  blocker: number | undefined,
): string {
  const isEvent = primitive.signal === 'waits';
  if (isEvent && blocker !== undefined) return `the end of ${machine.threadName(blocker)}`;
  if (isEvent && subject === slot.handle) return 'a wake-up';
  return (subject as Partial<Named> | undefined)?.name ?? primitive.name;
}

/**
 * False if the thread certainly waits in no cycle: one lock with a single holder leads to the next, and the last
 * holder can go on. This is the common case, so it allocates nothing.
 */
export function mayWaitInCycle(machine: Machine, start: number): boolean {
  let thread = start;
  for (let n = 0; n < machine.threadCount; n++) {
    const lock = machine.thread(thread).op.subject;
    if (!(lock instanceof ExclusiveLock)) return true;
    thread = load(lock.holder);
    const holder = machine.thread(thread);
    if (thread === start || !machine.contexts.admits(holder)) return true;
    if (holder.op.isEnabled) return false;
  }
  return true;
}

/** Every wait is for all of the blockers, so each edge of this relation must be resolved before the thread goes on. */
export function blockersOf(machine: Machine, thread: number): number[] {
  const waiter = machine.thread(thread);
  if (waiter.ended || waiter.stopped || waiter.isIdle) return [];
  const found: number[] = [];
  if (!waiter.op.isEnabled) {
    waiter.op.primitive.blockers?.(waiter.op, (blocker) => {
      found.push(blocker);
    });
  } else if (!machine.contexts.admits(waiter)) {
    // Nobody, where it waits for its own stores to be visible, which they will be.
    const { owner } = waiter.processor;
    if (owner !== NOBODY) found.push(owner);
  }
  return found;
}

function describeWait(machine: Machine, thread: number, blocker: number | undefined): Wait {
  const waiter = machine.thread(thread);
  const onCpu = waiter.op.isEnabled && !machine.contexts.admits(waiter);
  const asleep = !onCpu && blocker === undefined && waiter.op.primitive.signal === 'waits';
  return {
    thread: waiter.name,
    operation: waiter.op.primitive.name,
    waitsFor: onCpu ? waiter.processor.name : awaitedName(waiter.op, blocker),
    heldBy: blocker === undefined ? undefined : machine.thread(blocker).name,
    ...(asleep ? { asleep } : {}),
  };
}

/** The cycle of waits that goes through the thread, beginning with it; undefined if there is none. */
export function findWaitCycle(machine: Machine, start: number): Wait[] | undefined {
  const visited = new Set<number>();
  const search = (thread: number): Wait[] | undefined => {
    for (const blocker of blockersOf(machine, thread)) {
      if (blocker === start) return [describeWait(machine, thread, blocker)];
      if (visited.has(blocker)) continue;
      visited.add(blocker);
      const rest = search(blocker);
      if (rest !== undefined) return [describeWait(machine, thread, blocker), ...rest];
    }
    return undefined;
  };
  return search(start);
}

/** Every wait of a state in which nothing can go on. */
export function allWaits(machine: Machine): Wait[] {
  const waits: Wait[] = [];
  for (let thread = 0; thread < machine.threadCount; thread++) {
    const { ended, stopped, isIdle } = machine.thread(thread);
    if (ended || stopped || isIdle) continue;
    waits.push(describeWait(machine, thread, blockersOf(machine, thread)[0]));
  }
  return waits;
}

export function deadlockMessage(waits: readonly Wait[]): string {
  return waits
    .map((wait) => {
      const { thread, waitsFor, operation } = wait;
      return `${thread} waits for ${waitsFor} in ${operation}(), ${holderOf(wait)}`;
    })
    .join('; ');
}

function holderOf({ heldBy, asleep }: Wait): string {
  if (heldBy !== undefined) return `held by ${heldBy}`;
  return asleep === true ? 'and nobody is left to wake it' : 'that nobody will give up';
}
