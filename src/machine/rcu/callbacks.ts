// call_rcu(), kfree_rcu() and rcu_barrier(). A callback is a thread named by who queued it. It may run once the read
// sections that were open at the call have ended, in a softirq of the CPU where it was queued, and after the callbacks
// queued there before; under PREEMPT_RT, in a kernel thread. Every callback runs before an execution is over.
import { load, store } from '../cell.js';
import type { Cpu } from '../cpu/cpu.js';
import type { Allocated } from '../heap.js';
import { type Operation, type Path, Primitive } from '../op.js';
import { OBJECT_WRITE } from '../races/access.js';
import type { Thread } from '../thread.js';
import { Callbacks } from './callback-queue.js';
import type { OpenSections } from './open-sections.js';
import { rcuEvents } from './rcu.js';
import { enterReadSection, leaveReadSection } from './read-section.js';

/** Queues path `a` under the name `b`. */
export const CALL_RCU = new Primitive({
  name: 'call_rcu',
  act: (op) => {
    const path = op.a as (cpu: Cpu<never>) => Path<unknown>;
    const open = op.machine.rcu.begin(op.slot);
    queue(op, op.b as string, (callback) => running(callback, open, path));
  },
  narrate: (op) => `call_rcu(${op.b as string})`,
});

/** Frees object `subject` after a grace period. */
export const KFREE_RCU = new Primitive({
  name: 'kfree_rcu',
  act: (op) => {
    const object = op.subject as Allocated;
    const open = op.machine.rcu.begin(op.slot);
    queue(op, 'kfree_rcu', (callback) => freeing(callback, open, object));
  },
  narrate: (op) => `kfree_rcu(${(op.subject as Allocated).memory.label})`,
});

function queue(op: Operation, name: string, run: (callback: Thread) => Path): void {
  const { machine, slot } = op;
  const role = machine.profile.rt ? 'task' : 'softirq';
  const cpu = slot.processor.id;
  const path = (_: Cpu<never>, callback: Thread): Path => run(callback);
  machine.spawn(slot, { name, path, role, cpu, mustEnd: true, current: undefined });
}

// --- The threads ----------------------------------------------------------------------------------------------

function* running(
  callback: Thread,
  open: OpenSections,
  path: (cpu: Cpu<never>) => Path<unknown>,
): Path {
  yield* after(callback, open, CALLBACK, undefined);
  yield* path(callback.cpu as Cpu<never>);
  callback.op.perform(CALLBACK_END, undefined);
}

/** One event: nobody on another CPU could tell the softirq's beginning from its only step. */
function* freeing(callback: Thread, open: OpenSections, object: Allocated): Path {
  yield* after(callback, open, FREE, object);
}

/** The step of a callback that has to wait for these sections. */
function after(
  callback: Thread,
  open: OpenSections,
  primitive: Primitive,
  subject: unknown,
): Path<unknown> {
  const { machine } = callback.op;
  store(callback.rcu.awaited, open, machine.journal);
  machine.rcu.queue(callback);
  return callback.op.make(primitive, subject) as unknown as Path<unknown>;
}

/** Waiting for the grace period, and for the callbacks queued on this CPU before. */
const waiting = {
  announce: (op: Operation): void => {
    if (!op.isEnabled || !op.machine.contexts.admits(op.slot)) op.machine.block(op);
  },
  park: (op: Operation): void => {
    op.machine.rcu.waiting.add(op.thread);
  },
  forget: (op: Operation): void => {
    op.machine.rcu.waiting.remove(op.thread);
  },
  isEnabled: ({ slot, machine }: Operation): boolean =>
    load(slot.rcu.awaited).areOver && load(machine.rcu.callbacks).before(slot) === undefined,
  blockers: ({ slot, machine }: Operation, visit: (thread: number) => void): void => {
    load(slot.rcu.awaited).visitOpen(visit);
    const earlier = load(machine.rcu.callbacks).before(slot);
    if (earlier !== undefined) visit(earlier.index);
  },
} as const;

/** The callback begins. Under PREEMPT_RT it has softirqs off, which there is a read section. */
export const CALLBACK = new Primitive({
  ...waiting,
  name: 'RCU callback',
  act: ({ slot, machine, thread }) => {
    machine.rcu.waiting.remove(thread);
    machine.rcu.end(slot);
    if (machine.profile.rt) enterReadSection(slot);
    else machine.contexts.enterHandler(slot);
  },
  narrate: () => '<RCU callback>',
});

/** It is over. No event: it returns with its last step. */
const CALLBACK_END = new Primitive({
  name: 'return from RCU callback',
  act: ({ slot, machine }) => {
    if (machine.profile.rt) leaveReadSection(slot);
    else machine.contexts.leaveHandler(slot);
    machine.rcu.done(slot);
  },
});

export const FREE = new Primitive({
  ...waiting,
  name: 'kfree',
  access: OBJECT_WRITE,
  act: (op) => {
    const { rcu } = op.machine;
    rcu.waiting.remove(op.thread);
    rcu.end(op.slot);
    (op.subject as Allocated).memory.free(op);
    rcu.done(op.slot);
  },
  narrate: (op) => `kfree(${(op.subject as Allocated).memory.label})`,
});

// --- rcu_barrier ----------------------------------------------------------------------------------------------

const queuedCallbacks = { name: 'RCU callbacks', label: 'RCU callbacks' };

/** Returns when every callback that was queued before has returned; it may sleep. */
export const RCU_BARRIER = new Primitive({
  name: 'rcu_barrier',
  announce: (op) => {
    op.subject = queuedCallbacks;
    op.machine.contexts.mightSleep(op);
  },
  act: (op) => {
    const { machine, slot } = op;
    const { rcu, journal } = machine;
    if (op.phase === 0) {
      const queued = load(rcu.callbacks);
      if (queued.threads.length === 0) {
        machine.races?.receives(slot, rcuEvents.callbackDone);
        return;
      }
      store(slot.rcu.awaitedCallbacks, queued, journal);
      op.phase = 1;
      op.keepPending();
      rcu.waiting.add(op.thread);
      machine.blockOnLock(op);
      return;
    }
    op.phase = 0;
    machine.races?.receives(slot, rcuEvents.callbackDone);
    store(slot.rcu.awaitedCallbacks, Callbacks.none, journal);
    rcu.waiting.remove(op.thread);
  },
  isEnabled: (op) => awaitedCallbacks(op).length === 0,
  blockers: (op, visit) => {
    for (const callback of awaitedCallbacks(op)) visit(callback.index);
  },
  forget: (op) => {
    op.machine.rcu.waiting.remove(op.thread);
  },
  narrate: (op) => `rcu_barrier()${op.isPending ? ': waits for callbacks' : ''}`,
});

function awaitedCallbacks({ slot, machine }: Operation): readonly Thread[] {
  const { threads } = load(machine.rcu.callbacks);
  return load(slot.rcu.awaitedCallbacks).threads.filter((callback) => threads.includes(callback));
}
