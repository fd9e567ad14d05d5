// wait_queue_head_t. Each operation is one event, as the queue's own lock makes it. Waiters that are not exclusive stand
// before those that are, so that a wake-up reaches all of the first and as many of the second as it is for. An entry
// is the thread's own on that queue; wait_woken(), custom wake functions, priorities and bookmarks are not modelled.
import { Cell, load, store } from '../cell.js';
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import type { Thread } from '../thread.js';
import { EventObject, meetsFreed, settled } from './event-object.js';
import { setState, sleeperOf, tryToWake } from './sleeper.js';

/** One wait_queue_entry. */
class Waiter implements Named {
  readonly thread: Thread;
  /** WQ_FLAG_EXCLUSIVE: a wake-up that is for so many waiters counts it. */
  readonly exclusive: boolean;
  /** autoremove_wake_function(): whoever wakes it takes it off the queue. */
  readonly autoremove: boolean;

  constructor(thread: Thread, exclusive: boolean, autoremove: boolean) {
    this.thread = thread;
    this.exclusive = exclusive;
    this.autoremove = autoremove;
  }

  get name(): string {
    return `${this.thread.name}${this.exclusive ? ' (exclusive)' : ''}`;
  }

  get label(): string {
    return this.name;
  }

  /** For fingerprints of states: whoever wakes it does different things by these. */
  get stateName(): string {
    return `${this.name}${this.autoremove ? ' (autoremove)' : ''}`;
  }
}

/** The last wake-up of a queue: what a report on a sleeper tells. */
export class WakeUp implements Named {
  readonly operation: string;
  readonly by: Thread;
  readonly woken: readonly Thread[];

  constructor(operation: string, by: Thread, woken: readonly Thread[]) {
    this.operation = operation;
    this.by = by;
    this.woken = woken;
  }

  get name(): string {
    const woken = this.woken.map(({ name }) => name).join(', ');
    return `${this.operation} by ${this.by.name}: ${woken === '' ? 'nobody' : woken}`;
  }

  get stateName(): string {
    return this.name;
  }

  get label(): string {
    return this.name;
  }
}

export class WaitQueue extends EventObject {
  readonly type = 'waitqueue';
  /** Who is on it, in the order in which a wake-up comes by. */
  readonly waiters = new Cell<readonly Waiter[]>(this, 'waiters', settled([]));
  readonly lastWakeUp = new Cell<WakeUp | null>(this, 'last_wake_up', null);
  /** What those on it sleep until, where paths wait by hand. */
  readonly sleepsUntil: (() => boolean) | undefined;

  constructor(owner: Named | undefined, field: string, sleepsUntil?: () => boolean) {
    super(owner, field);
    this.sleepsUntil = sleepsUntil;
  }

  override cells(): readonly Cell<unknown>[] {
    return [this.waiters as Cell<unknown>, this.lastWakeUp as Cell<unknown>];
  }

  /** For properties: the names of those who are on it. */
  peekWaiters(): string[] {
    return this.waiters.peek().map(({ thread }) => thread.name);
  }

  /** add_wait_queue(), or __add_wait_queue_entry_tail() for an exclusive waiter. */
  add(thread: Thread, exclusive: boolean, autoremove: boolean): void {
    const { queues } = sleeperOf(thread);
    const { journal } = thread.op.machine;
    const waiters = load(this.waiters);
    const waiter = new Waiter(thread, exclusive, autoremove);
    store(this.waiters, exclusive ? [...waiters, waiter] : [waiter, ...waiters], journal);
    store(queues, [...load(queues), this], journal);
  }

  remove(thread: Thread): void {
    const { queues } = sleeperOf(thread);
    const { journal } = thread.op.machine;
    const others = load(this.waiters).filter((waiter) => waiter.thread !== thread);
    store(this.waiters, settled(others), journal);
    store(queues, settled(load(queues).filter((queue) => queue !== this)), journal);
  }

  isOn(thread: Thread): boolean {
    return load(sleeperOf(thread).queues).includes(this);
  }
}

const queueOf = (op: Operation): WaitQueue => op.subject as WaitQueue;

/** The end of the queue's memory is a panic even for whoever only looks at it. */
const isFreed = (op: Operation): boolean => meetsFreed(op, queueOf(op).waiters);

/** Puts the thread on the queue unless it is there, and says that it will sleep: one event. */
function preparing(name: string, exclusive: boolean): Primitive {
  return new Primitive({
    name,
    act: (op) => {
      if (isFreed(op)) return;
      if (!queueOf(op).isOn(op.slot)) queueOf(op).add(op.slot, exclusive, true);
      setState(op.slot, 'TASK_UNINTERRUPTIBLE');
    },
  });
}

export const PREPARE_TO_WAIT = preparing('prepare_to_wait', false);
export const PREPARE_TO_WAIT_EXCLUSIVE = preparing('prepare_to_wait_exclusive', true);

/** The task is running again. The queue is touched only if nobody took the thread off it. */
export const FINISH_WAIT = new Primitive({
  name: 'finish_wait',
  act: (op) => {
    setState(op.slot, 'TASK_RUNNING');
    if (queueOf(op).isOn(op.slot) && !isFreed(op)) queueOf(op).remove(op.slot);
  },
});

/** Puts the thread on the queue and no more; whoever wakes it leaves it there. */
function adding(name: string, exclusive: boolean): Primitive {
  return new Primitive({
    name,
    act: (op) => {
      if (isFreed(op)) return;
      if (!queueOf(op).isOn(op.slot)) queueOf(op).add(op.slot, exclusive, false);
      else op.machine.panic(op, `${name}(${queueOf(op).name}): it is on that queue already`);
    },
  });
}

export const ADD_WAIT_QUEUE = adding('add_wait_queue', false);
export const ADD_WAIT_QUEUE_EXCLUSIVE = adding('add_wait_queue_exclusive', true);

export const REMOVE_WAIT_QUEUE = new Primitive({
  name: 'remove_wait_queue',
  act: (op) => {
    if (!isFreed(op)) queueOf(op).remove(op.slot);
  },
});

/** Whether anybody is on the queue, without its lock. */
export const WAITQUEUE_ACTIVE = new Primitive({
  name: 'waitqueue_active',
  effect: 'reads',
  plain: true,
  act: (op) => !isFreed(op) && op.load(queueOf(op).waiters).length > 0,
});

/** Wakes all who are not exclusive and `a` of those who are; one that is awake does not count. Returns how many. */
export const WAKE_UP = waking('wake_up');
export const WAKE_UP_NR = waking('wake_up_nr');
export const WAKE_UP_ALL = waking('wake_up_all');

function waking(name: string): Primitive {
  return new Primitive({
    name,
    signal: 'signals',
    act: (op) => {
      if (isFreed(op)) return;
      const woken = wake(queueOf(op), op.a as number);
      store(queueOf(op).lastWakeUp, new WakeUp(name, op.slot, woken), op.machine.journal);
    },
    narrate: (op) => {
      const { label, lastWakeUp } = queueOf(op);
      const woken = load(lastWakeUp)?.woken.map((thread) => thread.name) ?? [];
      return `${name}(${label}): ${woken.length === 0 ? 'nobody sleeps' : woken.join(', ')}`;
    },
  });
}

/** __wake_up_common() */
function wake(queue: WaitQueue, exclusiveMax: number): readonly Thread[] {
  const woken: Thread[] = [];
  let left = exclusiveMax;
  for (const { thread, exclusive, autoremove } of load(queue.waiters)) {
    if (!tryToWake(thread)) continue;
    woken.push(thread);
    if (autoremove) queue.remove(thread);
    if (exclusive && --left === 0) break;
  }
  return woken;
}
