// Sleeping until somebody wakes: wait queues, completions, work, kernel threads.
import { load, tellAccesses } from '../cell.js';
import { checkCpu } from '../context/processor.js';
import type { Primitive, Step } from '../op.js';
import { handleOf, type ThreadHandle } from '../spawn.js';
import * as completion from '../waiting/completion.js';
import * as flush from '../waiting/flush.js';
import * as kthread from '../waiting/kthread.js';
import * as sleeper from '../waiting/sleeper.js';
import {
  Awaited,
  type Condition,
  MAY_WAIT,
  MAY_WAIT_EXCLUSIVE,
  waitEventExclusively,
  waitEventNormally,
} from '../waiting/wait-event.js';
import * as queue from '../waiting/wait-queue.js';
import * as work from '../waiting/work.js';
import type { Work, WorkFunction, Workqueue } from '../waiting/workqueue.js';
import { ContextSteps } from './context-steps.js';
import type { Cpu } from './cpu.js';

export abstract class WaitingSteps<out Task> extends ContextSteps<Task> {
  // --- Sleeping by hand -------------------------------------------------------------------------------------

  /** This thread, for others to wake: what the kernel has in `current`. No step. */
  get self(): ThreadHandle {
    return handleOf(this.slot);
  }

  /** Says that the thread is going to sleep, or that it is not. */
  set_current_state(state: sleeper.TaskState): Step<void> {
    return this.op.make(sleeper.SET_CURRENT_STATE, undefined, state) as Step<void>;
  }

  /**
   * Sleeps unless the state is TASK_RUNNING, or somebody has made it that since it was set. `until` tells the machine what
   * the thread sleeps until, by peeks; a sleeper for which that is true is a lost wake-up.
   */
  schedule(until?: () => boolean): Step<void> {
    return this.op.make(sleeper.SCHEDULE, this.#sleepsOn, until) as Step<void>;
  }

  /** The same where a condition is known: for wait_event() alone. */
  scheduleFor(awaited: Awaited): Step<void> {
    return this.op.make(sleeper.SCHEDULE, this.#sleepsOn, undefined, awaited) as Step<void>;
  }

  /** The queue that it joined last, or, where it is on none, itself. */
  get #sleepsOn(): queue.WaitQueue | ThreadHandle {
    const asleep = this.slot.sleeper;
    if (asleep === undefined) return this.self;
    // Only a name for the step: it is no part of the one before.
    const told = tellAccesses(undefined);
    const last = load(asleep.queues).at(-1);
    tellAccesses(told);
    return last ?? this.self;
  }

  /** Returns whether it woke the thread, which it does whatever that sleeps for. */
  wake_up_process(thread: ThreadHandle): Step<boolean> {
    return this.op.make(sleeper.WAKE_UP_PROCESS, thread) as Step<boolean>;
  }

  // --- Wait queues ------------------------------------------------------------------------------------------

  /** Sleeps on the queue until the condition holds; it is looked at before the thread queues, and after. */
  wait_event(wait: queue.WaitQueue, condition: Condition): Step<void> {
    return this.#mightSleep(MAY_WAIT, () =>
      waitEventNormally(this as unknown as Cpu, wait, new Awaited(condition), false),
    );
  }

  /** The same as an exclusive waiter: a wake_up() reaches one of these. */
  wait_event_exclusive(wait: queue.WaitQueue, condition: Condition): Step<void> {
    return this.#mightSleep(MAY_WAIT_EXCLUSIVE, () =>
      waitEventExclusively(this as unknown as Cpu, wait, new Awaited(condition), true),
    );
  }

  /** The might_sleep() of the macro, which also complains where the thread would not have to sleep. */
  #mightSleep(check: Primitive, wait: () => Step<void>): Step<void> {
    this.op.perform(check, undefined);
    return this.slot.stopped ? (this.op.halt() as Step<void>) : wait();
  }

  /** Queues the thread, unless it is on the queue, and says that it is going to sleep. */
  prepare_to_wait(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.PREPARE_TO_WAIT, wait) as Step<void>;
  }

  prepare_to_wait_exclusive(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.PREPARE_TO_WAIT_EXCLUSIVE, wait) as Step<void>;
  }

  /** The thread is running again, and off the queue. */
  finish_wait(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.FINISH_WAIT, wait) as Step<void>;
  }

  /** Queues the thread and no more: whoever wakes it leaves it on the queue. */
  add_wait_queue(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.ADD_WAIT_QUEUE, wait) as Step<void>;
  }

  add_wait_queue_exclusive(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.ADD_WAIT_QUEUE_EXCLUSIVE, wait) as Step<void>;
  }

  remove_wait_queue(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.REMOVE_WAIT_QUEUE, wait) as Step<void>;
  }

  /** Wakes all who are not exclusive, and one who is. */
  wake_up(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.WAKE_UP, wait, 1) as Step<void>;
  }

  /** Wakes all who are not exclusive, and `count` of those who are. */
  wake_up_nr(wait: queue.WaitQueue, count: number): Step<void> {
    return this.op.make(queue.WAKE_UP_NR, wait, count) as Step<void>;
  }

  wake_up_all(wait: queue.WaitQueue): Step<void> {
    return this.op.make(queue.WAKE_UP_ALL, wait, Number.POSITIVE_INFINITY) as Step<void>;
  }

  /** Whether anybody is on the queue: a look without its lock, which may be outdated at the next step. */
  waitqueue_active(wait: queue.WaitQueue): Step<boolean> {
    return this.op.make(queue.WAITQUEUE_ACTIVE, wait) as Step<boolean>;
  }

  // --- Completions ------------------------------------------------------------------------------------------

  wait_for_completion(done: completion.Completion): Step<void> {
    return this.op.make(completion.WAIT_FOR_COMPLETION, done) as Step<void>;
  }

  /** Returns whether it was completed, and uses that up; never waits. */
  try_wait_for_completion(done: completion.Completion): Step<boolean> {
    return this.op.make(completion.TRY_WAIT_FOR_COMPLETION, done) as Step<boolean>;
  }

  completion_done(done: completion.Completion): Step<boolean> {
    return this.op.make(completion.COMPLETION_DONE, done) as Step<boolean>;
  }

  /** Lets one waiter go on, now or later. */
  complete(done: completion.Completion): Step<void> {
    return this.op.make(completion.COMPLETE, done) as Step<void>;
  }

  /** Lets every waiter go on, now and from now on. */
  complete_all(done: completion.Completion): Step<void> {
    return this.op.make(completion.COMPLETE_ALL, done) as Step<void>;
  }

  /** Nothing has been completed. */
  reinit_completion(done: completion.Completion): Step<void> {
    return this.op.make(completion.REINIT_COMPLETION, done) as Step<void>;
  }

  // --- Workqueues -------------------------------------------------------------------------------------------

  /** Gives a work item its function. */
  INIT_WORK(item: Work, func: WorkFunction): Step<void> {
    return this.op.make(work.INIT_WORK, item, func) as Step<void>;
  }

  /** Has the item run by a worker; false if it is pending already. */
  queue_work(on: Workqueue, item: Work): Step<boolean> {
    return this.op.make(work.QUEUE_WORK, item, on) as Step<boolean>;
  }

  /** Takes the item back if it has not begun; returns whether it was pending. */
  cancel_work(item: Work): Step<boolean> {
    return this.op.make(work.CANCEL_WORK, item) as Step<boolean>;
  }

  /** The same, and waits for its end if it runs. */
  cancel_work_sync(item: Work): Step<boolean> {
    return this.op.make(flush.CANCEL_WORK_SYNC, item) as Step<boolean>;
  }

  /** Waits for the end of the item as it was queued last; returns whether there was anything to wait for. */
  flush_work(item: Work): Step<boolean> {
    return this.op.make(flush.FLUSH_WORK, item) as Step<boolean>;
  }

  /** Waits for the end of everything that is queued now. */
  flush_workqueue(on: Workqueue): Step<void> {
    return this.op.make(flush.FLUSH_WORKQUEUE, on) as Step<void>;
  }

  /** Waits until nothing is queued; only its own items may queue meanwhile. */
  drain_workqueue(on: Workqueue): Step<void> {
    return this.op.make(flush.DRAIN_WORKQUEUE, on) as Step<void>;
  }

  /** The same, and nothing may be queued any more. */
  destroy_workqueue(on: Workqueue): Step<void> {
    return this.op.make(flush.DESTROY_WORKQUEUE, on) as Step<void>;
  }

  // --- Kernel threads ---------------------------------------------------------------------------------------

  /** Makes a thread that sleeps until wake_up_process(). */
  kthread_create<R>(
    name: string,
    path: (cpu: Cpu<Task>) => Step<R>,
    current?: unknown,
  ): Step<ThreadHandle<R>> {
    const request = { name, path, current };
    return this.op.make(kthread.KTHREAD_CREATE, undefined, request) as Step<ThreadHandle<R>>;
  }

  /** Makes a thread and wakes it. */
  kthread_run<R>(
    name: string,
    path: (cpu: Cpu<Task>) => Step<R>,
    current?: unknown,
  ): Step<ThreadHandle<R>> {
    const request = { name, path, current };
    return this.op.make(kthread.KTHREAD_RUN, undefined, request) as Step<ThreadHandle<R>>;
  }

  /** Whether this thread was told to stop. */
  kthread_should_stop(): Step<boolean> {
    return this.op.make(kthread.KTHREAD_SHOULD_STOP, undefined) as Step<boolean>;
  }

  /** Tells the thread to stop, wakes it, and waits for its end: its result, or -4 if its function never ran. */
  kthread_stop<R>(thread: ThreadHandle<R>): Step<R | typeof kthread.neverRan> {
    return this.op.make(kthread.KTHREAD_STOP, thread) as Step<R | typeof kthread.neverRan>;
  }

  /** Moves a thread that has not run yet to a CPU for good. */
  kthread_bind(thread: ThreadHandle, cpu: number): Step<void> {
    checkCpu(cpu);
    return this.op.make(kthread.KTHREAD_BIND, thread, cpu) as Step<void>;
  }
}
