// Workqueues, each with the workers that its items need. What is modelled is who may start when: items of one pool begin
// in the order in which they were queued, at most max_active of them at a time, and an item that is queued again while
// it runs begins after that. Not modelled: how workers are made (there is always one), that a worker of a CPU waits
// until the one that runs there sleeps, priorities, freezing, and a CPU that goes away.
import { Cell, load, poison, store, tellAccesses } from '../cell.js';
import type { Cpu } from '../cpu/cpu.js';
import type { Machine } from '../machine.js';
import type { Named } from '../names.js';
import type { Path } from '../op.js';
import type { Thread } from '../thread.js';
import { EventObject, settled } from './event-object.js';

/** What a work item runs. */
export type WorkFunction = (cpu: Cpu, work: Work) => Path<unknown>;

/** struct work_struct */
export class Work extends EventObject {
  readonly type = 'work';
  /** WORK_STRUCT_PENDING: from queue_work() until the function is about to run. */
  readonly pending = new Cell<boolean>(this, 'pending', false);
  /** How many threads are in cancel_work_sync(): as long as there are any, nobody queues it. */
  readonly cancels = new Cell<number>(this, 'cancels', 0);
  readonly func: Cell<WorkFunction | undefined>;
  /** Where it was queued last. */
  readonly queue = new Cell<Workqueue | undefined>(this, 'workqueue', undefined);

  constructor(owner: Named | undefined, field: string, func?: WorkFunction) {
    super(owner, field);
    this.func = new Cell<WorkFunction | undefined>(this, 'func', func);
  }

  override cells(): readonly Cell<unknown>[] {
    const { pending, cancels, func, queue } = this;
    return [pending, cancels, func, queue].map((cell) => cell as Cell<unknown>);
  }

  /** For properties: work_pending(). */
  peekPending(): boolean {
    return this.pending.peek();
  }
}

/** One queueing of a work item, until its function has returned. Never changed: cells hold lists of these. */
export class Queueing implements Named {
  readonly work: Work;
  readonly func: WorkFunction;
  readonly worker: Thread;
  /** Items of different pools know nothing of each other: the number of a CPU, or 0. */
  readonly pool: number;
  readonly running: boolean;

  constructor(work: Work, func: WorkFunction, worker: Thread, pool: number, running: boolean) {
    this.work = work;
    this.func = func;
    this.worker = worker;
    this.pool = pool;
    this.running = running;
  }

  get name(): string {
    return `${this.worker.name}${this.running ? ' (running)' : ''}`;
  }

  get label(): string {
    return this.name;
  }

  /** For fingerprints of states; whose item it is, and what it runs, is part of the worker's name. */
  get stateName(): string {
    return `${this.name} ${this.work.name} ${String(this.pool)}`;
  }

  begun(): Queueing {
    return new Queueing(this.work, this.func, this.worker, this.pool, true);
  }
}

export interface WorkqueueOptions {
  /** How many items of a pool may be begun and not done. */
  readonly maxActive?: number;
  /** WQ_UNBOUND: one pool for all CPUs, whose workers run anywhere. Otherwise each CPU has its own, and its workers. */
  readonly unbound?: boolean;
}

/** WQ_DFL_ACTIVE up to 6.15. */
const maxActiveDefault = 256;

export class Workqueue extends EventObject {
  readonly type = 'workqueue';
  readonly maxActive: number;
  readonly unbound: boolean;
  /** Everything that was queued and is not done, in the order of queueing. */
  readonly items = new Cell<readonly Queueing[]>(this, 'items', settled([]));
  /** Threads in drain_workqueue(): as long as there are any, only its own items may queue more. */
  readonly drainers = new Cell<number>(this, 'drainers', 0);
  readonly destroyed = new Cell<boolean>(this, 'destroyed', false);

  constructor(owner: Named | undefined, field: string, options: WorkqueueOptions = {}) {
    super(owner, field);
    this.maxActive = options.maxActive ?? maxActiveDefault;
    this.unbound = options.unbound ?? false;
  }

  override cells(): readonly Cell<unknown>[] {
    const { items, drainers, destroyed } = this;
    return [items, drainers, destroyed].map((cell) => cell as Cell<unknown>);
  }

  /** The queueing of a worker, or undefined. */
  itemOf(worker: Thread): Queueing | undefined {
    return load(this.items).find((item) => item.worker === worker);
  }

  /** The queueing of a work item that has not begun, or the one that runs. */
  find(work: Work, running: boolean): Queueing | undefined {
    return load(this.items).find((item) => item.work === work && item.running === running);
  }

  /** Whether the worker may begin now. */
  mayBegin(worker: Thread): boolean {
    const items = load(this.items) as unknown;
    // Freed memory: the worker goes on into its panic.
    if (items === poison) return true;
    return this.itemOf(worker) !== undefined && this.#obstacles(worker).length === 0;
  }

  /**
   * Who must be done, or must have begun, before the worker can begin. Where several items run and any of them will do,
   * that is nobody in particular, and nobody is visited: a deadlock of these shows when nothing can go on any more.
   */
  visitObstacles(worker: Thread, visit: (thread: number) => void): void {
    for (const item of this.#obstacles(worker)) {
      if (item !== 'all places are taken') visit(item.worker.index);
    }
  }

  #obstacles(worker: Thread): (Queueing | 'all places are taken')[] {
    const item = this.itemOf(worker);
    if (item === undefined) return [];
    const running = this.find(item.work, true);
    if (running !== undefined) return [running];
    const all = load(this.items);
    const ahead = all.slice(0, all.indexOf(item)).filter(({ pool }) => pool === item.pool);
    // An item whose function still runs was put aside for that worker: it holds up nobody but itself.
    const first = ahead.find((one) => !one.running && this.find(one.work, true) === undefined);
    if (first !== undefined) return [first];
    if (ahead.length < this.maxActive) return [];
    const [only] = ahead;
    return this.maxActive === 1 && only !== undefined ? [only] : ['all places are taken'];
  }

  /** Stores the items and makes exactly those workers runnable that may begin. */
  set(items: readonly Queueing[], machine: Machine): void {
    store(this.items, settled(items), machine.journal);
    const told = tellAccesses(undefined);
    for (const { running, worker } of items) {
      if (running) continue;
      if (this.mayBegin(worker)) machine.unblock(worker.op);
      else machine.block(worker.op);
    }
    tellAccesses(told);
  }
}
