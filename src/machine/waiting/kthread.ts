// Kernel threads. One that was created sleeps until it is woken, and if it was stopped before it first ran, its function
// never runs. That kthreadd makes them, by a fork that takes locks of its own, is for a scenario to model; parking,
// per-CPU kthreads and kthread workers are not modelled.
import { load, store } from '../cell.js';
import type { Cpu } from '../cpu/cpu.js';
import { type Operation, type Path, Primitive } from '../op.js';
import { handleOf, type ThreadHandle } from '../spawn.js';
import type { Thread } from '../thread.js';
import { isAsleep, SCHEDULE, setState, sleeperOf, tryToWake } from './sleeper.js';

/** What kthread_stop() returns for a thread whose function never ran: -EINTR. */
export const neverRan = -4;

export interface KthreadRequest {
  readonly name: string;
  readonly path: (cpu: Cpu<never>) => Path<unknown>;
  readonly current: unknown;
}

/** kthread() of kernel/kthread.c */
function* kthread(thread: Thread, { path }: KthreadRequest, isWoken: boolean): Path<unknown> {
  if (!isWoken) setState(thread, 'TASK_UNINTERRUPTIBLE');
  thread.op.make(SCHEDULE, handleOf(thread));
  yield* thread.op as unknown as Path;
  if (load(sleeperOf(thread).shouldStop)) return neverRan;
  return yield* path(thread.cpu as Cpu<never>);
}

/** Returns the handle of a thread that sleeps until it is woken, or, for kthread_run(), is woken at once. */
function creating(name: string, isWoken: boolean): Primitive {
  return new Primitive({
    name,
    signal: 'signals',
    announce: (op) => {
      op.machine.contexts.mightSleep(op);
    },
    act: ({ machine, slot, a }): ThreadHandle => {
      const request = a as KthreadRequest;
      machine.lockdep.watchEvents();
      const index = machine.threadCount;
      const thread = machine.spawn(slot, {
        name: request.name,
        current: request.current,
        path: () => kthread(machine.thread(index), request, isWoken),
      });
      return handleOf(thread);
    },
    narrate: (_, handle) => `${name}(${(handle as ThreadHandle).name})`,
  });
}

export const KTHREAD_CREATE = creating('kthread_create', false);
export const KTHREAD_RUN = creating('kthread_run', true);

const targetOf = (op: Operation): Thread => op.machine.thread((op.subject as ThreadHandle).index);

/** Whether somebody has called kthread_stop() on this thread. */
export const KTHREAD_SHOULD_STOP = new Primitive({
  name: 'kthread_should_stop',
  effect: 'reads',
  plain: true,
  act: (op) => op.load(sleeperOf(op.slot).shouldStop),
  narrate: (_, stop) => `kthread_should_stop(): ${String(stop)}`,
});

/** Sets the flag, wakes the thread, and waits for its end: three events, for it may run between any two. */
export const KTHREAD_STOP = new Primitive({
  name: 'kthread_stop',
  signal: 'waits',
  follows: (op) => targetOf(op).index,
  announce: (op) => {
    op.machine.contexts.mightSleep(op);
  },
  isEnabled: (op) => op.phase < 2 || targetOf(op).ended,
  blockers: (op, visit) => {
    if (op.phase === 2 && !targetOf(op).ended) visit(targetOf(op).index);
  },
  act: (op) => {
    const target = targetOf(op);
    if (op.phase === 0) {
      store(sleeperOf(target).shouldStop, true, op.machine.journal);
      op.phase = 1;
      op.keepPending();
      return undefined;
    }
    if (op.phase === 1) tryToWake(target);
    if (target.ended) {
      op.phase = 0;
      return target.result;
    }
    op.phase = 2;
    op.keepPending();
    target.joiners.push(op);
    op.machine.blockOnLock(op);
    return undefined;
  },
  narrate: (op) => {
    const step = op.isPending ? (op.phase === 1 ? ': sets the flag' : ': wakes it and waits') : '';
    return `kthread_stop(${targetOf(op).name})${step}`;
  },
});

/** Moves a thread to CPU `a` for good, before it has run; a warning after that. */
export const KTHREAD_BIND = new Primitive({
  name: 'kthread_bind',
  act: (op) => {
    const target = targetOf(op);
    const { machine } = op;
    // A kthread that has not run waits for nothing but its own start.
    if (!isAsleep(target) || target.op.subject !== op.subject) {
      machine.warn(op.thread, `kthread_bind(${target.name}) after it was woken`);
      return;
    }
    machine.moveTo(machine.placement.processor(op.a as number), target);
  },
  narrate: (op) => `kthread_bind(${targetOf(op).name}, CPU${String(op.a)})`,
});
