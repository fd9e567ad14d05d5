// How a task sleeps: it says so first (set_current_state), then looks whether it still has to, and then calls schedule(),
// which returns at once if somebody woke it in between. There are no signals here, so TASK_UNINTERRUPTIBLE stands for
// all sleeping states: what could only be ended by a signal shows as sleeping for ever. No freezing, no parking.
import { Cell, load, store } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { handleOf, type ThreadHandle } from '../spawn.js';
import type { Thread } from '../thread.js';
import { settled } from './event-object.js';
import type { WaitQueue } from './wait-queue.js';

export type TaskState = 'TASK_RUNNING' | 'TASK_UNINTERRUPTIBLE';

/** What a thread has besides once it has to do with sleeping. */
export class Sleeper {
  /** task->__state */
  readonly state: Cell<TaskState>;
  /** The wait queues that it is on, the last one last. */
  readonly queues: Cell<readonly WaitQueue[]>;
  /** KTHREAD_SHOULD_STOP */
  readonly shouldStop: Cell<boolean>;

  constructor(thread: Thread) {
    this.state = new Cell<TaskState>(thread, 'state', 'TASK_RUNNING');
    this.queues = new Cell<readonly WaitQueue[]>(thread, 'wait_queues', settled([]));
    this.shouldStop = new Cell<boolean>(thread, 'should_stop', false);
  }

  get cells(): readonly Cell<unknown>[] {
    return [this.state, this.queues, this.shouldStop].map((cell) => cell as Cell<unknown>);
  }

  /** It sleeps, or will when it calls schedule(). */
  get isGoingToSleep(): boolean {
    return load(this.state) !== 'TASK_RUNNING';
  }
}

/** The thread's, made when it is first asked for: most threads never sleep by hand. */
export function sleeperOf(thread: Thread): Sleeper {
  thread.op.machine.isPlain = false;
  return (thread.sleeper ??= new Sleeper(thread));
}

function isGoingToSleep({ sleeper }: Thread): boolean {
  return sleeper?.isGoingToSleep === true;
}

/** True in schedule(), until somebody wakes it. */
export function isAsleep(thread: Thread): boolean {
  return thread.op.isPending && thread.op.primitive === SCHEDULE && isGoingToSleep(thread);
}

export function setState(thread: Thread, state: TaskState): void {
  const { state: cell } = sleeperOf(thread);
  if (load(cell) !== state) store(cell, state, thread.op.machine.journal);
}

/** try_to_wake_up(): true if the thread slept, or was going to. */
export function tryToWake(thread: Thread): boolean {
  // It looks at the state also of a thread that has never slept yet, or searches would not know that it did.
  if (thread.ended || !sleeperOf(thread).isGoingToSleep) return false;
  const inSchedule = isAsleep(thread);
  setState(thread, 'TASK_RUNNING');
  thread.op.machine.races?.woken(thread);
  if (inSchedule) thread.op.machine.unblock(thread.op);
  return true;
}

/**
 * schedule(): returns once the state is TASK_RUNNING, which it is at once where nothing was set before. `a` or `b` may
 * say what the thread waits for: by a predicate over peeks, or by the condition of wait_event(). `subject` is the queue
 * that it is on, or its own handle.
 */
export const SCHEDULE = new Primitive({
  name: 'schedule',
  signal: 'waits',
  announce: (op) => {
    op.machine.contexts.mustNotBeAtomic(op);
    if (!op.slot.stopped && isGoingToSleep(op.slot)) op.machine.block(op);
  },
  isEnabled: (op) => !isGoingToSleep(op.slot),
  act: ({ machine, slot }) => {
    machine.races?.receives(slot, handleOf(slot));
  },
  narrate: () => 'schedule()',
});

/** `a` is the state; nothing but the thread's own state changes. */
export const SET_CURRENT_STATE = new Primitive({
  name: 'set_current_state',
  act: (op) => {
    setState(op.slot, op.a as TaskState);
  },
  narrate: (op) => `set_current_state(${op.a as TaskState})`,
});

const targetOf = (op: Operation): Thread => op.machine.thread((op.subject as ThreadHandle).index);

/** Returns whether it woke the thread. Whatever that waits for, its schedule() returns. */
export const WAKE_UP_PROCESS = new Primitive({
  name: 'wake_up_process',
  signal: 'signals',
  act: (op) => tryToWake(targetOf(op)),
  narrate: (op, woken) =>
    `wake_up_process(${targetOf(op).name})${woken === true ? '' : ': not asleep'}`,
});
