// Makes cells, lists and locks: the fields of an object, or, on the machine itself, global variables.
import { Cell, type Show } from './cell.js';
import { ListHead } from './list.js';
import type { Cpu } from './cpu/cpu.js';
import type { Path } from './op.js';
import type { Lock } from './locks/lock.js';
import { Mutex } from './locks/mutex.js';
import { BitLock } from './locks/bit-lock.js';
import { chosenLock, type ChosenLock, type LockKind } from './locks/chosen.js';
import { Seqcount, Seqlock } from './locks/seqlock.js';
import { PercpuRwsem } from './locks/percpu-rwsem.js';
import { QueuedRwlock } from './locks/queued-rwlock.js';
import { Rwlock } from './locks/rwlock.js';
import { Rwsem } from './locks/rwsem.js';
import { RawSpinlock, Spinlock } from './locks/spinlock.js';
import type { Named } from './names.js';
import { PercpuRef } from './rcu/percpu-ref.js';
import { RcuPointer } from './rcu/rcu-pointer.js';
import { PerCpu } from './context/per-cpu.js';
import { Hrtimer, type TimerFunction, TimerList, type TimerOptions } from './time/timer.js';
import {
  defaultProfile,
  type LockProfile,
  type RwlockPolicy,
  type RwsemPolicy,
} from './profile.js';
import { Completion } from './waiting/completion.js';
import type { EventObject } from './waiting/event-object.js';
import { WaitQueue } from './waiting/wait-queue.js';
import { Work, type WorkFunction, Workqueue, type WorkqueueOptions } from './waiting/workqueue.js';

export class Fields {
  /** Of what kind the locks made here are. */
  protected readonly lockProfile: LockProfile;
  readonly #owner: Named | undefined;
  readonly #cells: Cell<unknown>[] = [];
  readonly #locks: Lock[] = [];

  constructor(owner: Named | undefined, lockProfile: LockProfile = defaultProfile) {
    this.#owner = owner;
    this.lockProfile = lockProfile;
  }

  /** Every cell made here, those of locks and list nodes included. */
  get cells(): readonly Cell<unknown>[] {
    return this.#cells;
  }

  /** Every lock made here. */
  get locks(): readonly Lock[] {
    return this.#locks;
  }

  /** A shared variable. `show` says how a value reads in a trace, where that is not how it prints. */
  cell<T>(field: string, initial: T, show?: Show<NoInfer<T>>): Cell<T> {
    return this.#keep(new Cell<T>(this.#owner, field, initial, show === undefined ? {} : { show }));
  }

  /**
   * A variable on which races are meant to be, such as a statistic that may be a little wrong: __data_racy. The race
   * detector is silent about it.
   */
  data_racy<T>(field: string, initial: T, show?: Show<NoInfer<T>>): Cell<T> {
    const options = show === undefined ? {} : { show };
    return this.#keep(new Cell<T>(this.#owner, field, initial, { ...options, isDataRacy: true }));
  }

  /** A variable of which every CPU has its own. */
  percpu<T>(field: string, initial: T, show?: Show<NoInfer<T>>): PerCpu<T> {
    const prefix = this.#owner === undefined ? '' : `${this.#owner.name}.`;
    return new PerCpu<T>(prefix + field, initial, show);
  }

  /** An __rcu pointer: readers follow it in read sections, updaters change it under a lock. */
  rcuPointer<T>(field: string, initial: T, show?: Show<NoInfer<T>>): RcuPointer<T> {
    const options = show === undefined ? {} : { show };
    const pointer = new RcuPointer<T>(this.#owner, field, initial, options);
    this.#keep(pointer);
    return pointer;
  }

  /** An atomic_t that counts references; I-07 watches all of these. */
  refcount(field: string, initial: number): Cell<number> {
    return this.#keep(new Cell<number>(this.#owner, field, initial, { isRefcount: true }));
  }

  /** A percpu_ref with its initial reference; `release` runs when the last one is dropped, and may not sleep. */
  percpuRef(field: string, release: (cpu: Cpu) => Path<unknown>): PercpuRef {
    const ref = new PercpuRef(this.#owner, field, release);
    this.#keep(ref.dead);
    this.#keep(ref.count);
    return ref;
  }

  /** A list_head: the node that stands for `container` on lists, or, without it, the head of a list. */
  list<T>(field: string, container?: T): ListHead<T> {
    const list = new ListHead<T>(this.#owner, field, container);
    this.#keep(list.next);
    this.#keep(list.prev);
    return list;
  }

  /** A spinlock_t; with PREEMPT_RT its waiters sleep. */
  spinlock(field: string): Spinlock {
    return this.#keepLock(new Spinlock(this.#owner, field, this.lockProfile.rt));
  }

  /** A raw_spinlock_t: it spins with PREEMPT_RT too. */
  raw_spinlock(field: string): RawSpinlock {
    return this.#keepLock(new RawSpinlock(this.#owner, field));
  }

  /** A rwlock_t, by default of the kind that the profile says; with PREEMPT_RT it prefers readers, and sleeps. */
  rwlock(field: string, policy: RwlockPolicy = this.lockProfile.rwlock): Rwlock {
    const isQueued = policy === 'queued' && !this.lockProfile.rt;
    if (isQueued) return this.#keepLock(new QueuedRwlock(this.#owner, field));
    return this.#keepLock(new Rwlock(this.#owner, field, this.lockProfile.rt));
  }

  mutex(field: string): Mutex {
    return this.#keepLock(new Mutex(this.#owner, field));
  }

  /** A struct rw_semaphore, by default granted as the profile says. */
  rwsem(field: string, policy: RwsemPolicy = this.lockProfile.rwsem): Rwsem {
    return this.#keepLock(new Rwsem(this.#owner, field, policy));
  }

  /** A lock whose kind an era chooses: `acquire` and `release` follow from it. */
  lock(field: string, kind: LockKind): ChosenLock {
    return chosenLock(this, field, kind);
  }

  /** A seqcount_t: its writers exclude each other by other means. */
  seqcount(field: string): Seqcount {
    return this.#keepLock(new Seqcount(this.#owner, field));
  }

  /** A seqlock_t; with PREEMPT_RT its writers sleep. */
  seqlock(field: string): Seqlock {
    return this.#keepLock(new Seqlock(this.#owner, field, this.lockProfile.rt));
  }

  /** What bit_spin_lock() takes: one bit, counted from 0, of a flag word made here. */
  bit_spinlock(word: Cell<number>, bit: number): BitLock {
    return this.#keepLock(new BitLock(word, bit));
  }

  percpu_rwsem(field: string): PercpuRwsem {
    return this.#keepLock(new PercpuRwsem(this.#owner, field));
  }

  /**
   * A wait_queue_head_t. `sleepsUntil`, by peeks, tells the machine what threads that wait on it by hand sleep until, so that
   * it can tell a lost wake-up; wait_event() needs no such thing.
   */
  waitqueue(field: string, sleepsUntil?: () => boolean): WaitQueue {
    return this.#keepEvent(new WaitQueue(this.#owner, field, sleepsUntil));
  }

  completion(field: string): Completion {
    return this.#keepEvent(new Completion(this.#owner, field));
  }

  /** A work_struct; without a function until INIT_WORK(). */
  work(field: string, func?: WorkFunction): Work {
    return this.#keepEvent(new Work(this.#owner, field, func));
  }

  /** alloc_workqueue(): by default of 256 active items for each CPU, each run on the CPU where it was queued. */
  workqueue(name: string, options?: WorkqueueOptions): Workqueue {
    return this.#keepEvent(new Workqueue(this.#owner, name, options));
  }

  /** alloc_ordered_workqueue(): one item at a time, in the order of queueing. */
  orderedWorkqueue(name: string): Workqueue {
    return this.workqueue(name, { maxActive: 1, unbound: true });
  }

  #keepEvent<E extends EventObject>(event: E): E {
    for (const cell of event.cells()) this.#keep(cell);
    return event;
  }

  /** A timer_list, set up to run a function as a softirq. */
  timer(field: string, run: TimerFunction, options?: TimerOptions): TimerList {
    const timer = new TimerList(this.#owner, field, run, options);
    this.#keep(timer.isSetUp);
    return timer;
  }

  /** An hrtimer, set up to run a function as a hard interrupt; which may return 'HRTIMER_RESTART'. */
  hrtimer(field: string, run: TimerFunction, options?: TimerOptions): Hrtimer {
    const timer = new Hrtimer(this.#owner, field, run, options);
    this.#keep(timer.isSetUp);
    return timer;
  }

  #keep<T>(cell: Cell<T>): Cell<T> {
    this.#cells.push(cell as Cell<unknown>);
    return cell;
  }

  #keepLock<L extends Lock>(lock: L): L {
    this.#locks.push(lock);
    for (const cell of lock.cells()) this.#keep(cell);
    return lock;
  }
}
