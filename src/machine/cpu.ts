// What a path may do, under the kernel's names. Every method returns a step: take it with `yield*`.
import { type Cell, load, poison, store } from './cell.js';
import { ModelError } from './errors.js';
import type { CallStack } from './frames.js';
import { EMIT, Instant, PREEMPT_DISABLE, PREEMPT_ENABLE } from './instant.js';
import { type Allocated, KFREE, KMALLOC, type ObjectType } from './heap.js';
import * as list from './list.js';
import type { ListHead } from './list.js';
import type { Lock } from './locks/lock.js';
import * as mutex from './locks/mutex.js';
import * as rwlock from './locks/rwlock.js';
import * as rwsem from './locks/rwsem.js';
import * as spin from './locks/spinlock.js';
import type { Machine } from './machine.js';
import * as memory from './memory.js';
import { showValue } from './names.js';
import { HALT, type Operation, type Path, type Primitive, READ, type Step, WRITE } from './op.js';
import type { MachineEvent } from './property.js';
import { JOIN, SPAWN, type SpawnRequest, type ThreadHandle } from './spawn.js';
import type { Thread } from './thread.js';

/** The primitives. `Task` is what `current` is. */
export class Cpu<out Task = unknown> {
  readonly #machine: Machine;
  readonly #thread: Thread;
  readonly #op: Operation;
  readonly #instant = new Instant();
  #current: unknown = undefined;

  constructor(machine: Machine, thread: Thread) {
    this.#machine = machine;
    this.#thread = thread;
    this.#op = thread.op;
  }

  /** Sets what `current` is. For the machine alone. */
  bind(current: unknown): void {
    this.#current = current;
  }

  /**
   * The task that this path acts on.
   * @throws ModelError if the actor was not made by on(task, ...)
   */
  get current(): Task {
    if (this.#current === undefined) {
      throw new ModelError(
        `thread ${this.#thread.name} acts on no task: make the actor by on(task, path)`,
      );
    }
    return this.#current as Task;
  }

  /** The name of the thread, the same in every interleaving. */
  get thread(): string {
    return this.#thread.name;
  }

  /** The CPU's number. */
  get id(): number {
    return this.#thread.processor.id;
  }

  /** The open calls of this thread; undefined in search gear. For frames alone. */
  get calls(): CallStack | undefined {
    return this.#thread.calls;
  }

  /** The same CPU, on which locks of one class are not taken: for mutants. */
  without(lockClass: string): Cpu<Task> {
    return new DeafCpu(this.#machine, this.#thread, this.#current, lockClass) as Cpu<Task>;
  }

  // --- Cells ------------------------------------------------------------------------------------------------

  read<T>(cell: Cell<T>): Step<T> {
    return this.#op.make(READ, cell) as Step<T>;
  }

  write<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    return this.#op.make(WRITE, cell, value) as Step<void>;
  }

  /** Returns the old value. */
  xchg<T>(cell: Cell<T>, value: NoInfer<T>): Step<T> {
    return this.#op.make(memory.XCHG, cell, value) as Step<T>;
  }

  /** Stores `value` if the cell holds `expected`; returns the old value either way. */
  cmpxchg<T>(cell: Cell<T>, expected: NoInfer<T>, value: NoInfer<T>): Step<T> {
    return this.#op.make(memory.CMPXCHG, cell, expected, value) as Step<T>;
  }

  /** Returns the old value. */
  fetch_add(cell: Cell<number>, n: number): Step<number> {
    return this.#op.make(memory.FETCH_ADD, cell, n) as Step<number>;
  }

  atomic_read(cell: Cell<number>): Step<number> {
    return this.#op.make(memory.ATOMIC_READ, cell) as Step<number>;
  }

  atomic_inc(cell: Cell<number>): Step<void> {
    return this.#op.make(memory.ATOMIC_INC, cell) as Step<void>;
  }

  atomic_dec(cell: Cell<number>): Step<void> {
    return this.#op.make(memory.ATOMIC_DEC, cell) as Step<void>;
  }

  /** Returns whether the counter is 0 now. */
  atomic_dec_and_test(cell: Cell<number>): Step<boolean> {
    return this.#op.make(memory.ATOMIC_DEC_AND_TEST, cell) as Step<boolean>;
  }

  /** Adds `n` unless the counter is `unless`; returns whether it added. */
  atomic_add_unless(cell: Cell<number>, n: number, unless: number): Step<boolean> {
    return this.#op.make(memory.ATOMIC_ADD_UNLESS, cell, n, unless) as Step<boolean>;
  }

  /** Sets bits of a flag word in one step. */
  set_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.#op.make(memory.SET_BITS, cell, bits) as Step<void>;
  }

  /** Clears bits of a flag word in one step. */
  clear_bits(cell: Cell<number>, bits: number): Step<void> {
    return this.#op.make(memory.CLEAR_BITS, cell, bits) as Step<void>;
  }

  /** Fills in a field of an object that no other thread can reach yet: no event. */
  init<T>(cell: Cell<T>, value: NoInfer<T>): Step<void> {
    if (load(cell) === poison) {
      const op = this.#op.make(HALT, cell);
      this.#machine.useAfterFree(op, cell as Cell<unknown>);
      return op as Step<void>;
    }
    store(cell, value, this.#machine.journal);
    this.#machine.note(
      this.#thread.index,
      () => `${cell.label} = ${cell.show?.(value) ?? showValue(value)}`,
    );
    return this.#instant.give(undefined) as Step<void>;
  }

  // --- Lists ------------------------------------------------------------------------------------------------

  /** True if the list is empty; of a node, true if it is on no list. */
  list_empty(head: ListHead<unknown>): Step<boolean> {
    return this.#op.make(list.LIST_EMPTY, head) as Step<boolean>;
  }

  /** The object of the first node, or undefined. */
  list_first<T>(head: ListHead<T>): Step<T | undefined> {
    return this.#op.make(list.LIST_FIRST, head) as Step<T | undefined>;
  }

  /** The object after `node` on the list of `head`, or undefined at the end. */
  list_next<T>(node: ListHead<T>, head: ListHead<T>): Step<T | undefined> {
    return this.#op.make(list.LIST_NEXT, node, head) as Step<T | undefined>;
  }

  list_add<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.#op.make(list.LIST_ADD, node, head) as Step<void>;
  }

  list_add_tail<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.#op.make(list.LIST_ADD_TAIL, node, head) as Step<void>;
  }

  /** Takes the node off and poisons it. */
  list_del(node: ListHead<unknown>): Step<void> {
    return this.#op.make(list.LIST_DEL, node) as Step<void>;
  }

  /** Takes the node off and makes it empty. */
  list_del_init(node: ListHead<unknown>): Step<void> {
    return this.#op.make(list.LIST_DEL_INIT, node) as Step<void>;
  }

  list_move<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.#op.make(list.LIST_MOVE, node, head) as Step<void>;
  }

  list_move_tail<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.#op.make(list.LIST_MOVE_TAIL, node, head) as Step<void>;
  }

  /** Moves all of `from` to the end of `to`. */
  list_splice_tail_init<T>(from: ListHead<T>, to: ListHead<T>): Step<void> {
    return this.#op.make(list.LIST_SPLICE_TAIL_INIT, from, to) as Step<void>;
  }

  // --- Locks ------------------------------------------------------------------------------------------------

  mutex_lock(lock: mutex.Mutex): Step<void> {
    return this.lock(mutex.MUTEX_LOCK, lock) as Step<void>;
  }

  /** Returns whether it took the mutex. */
  mutex_trylock(lock: mutex.Mutex): Step<boolean> {
    return this.lock(mutex.MUTEX_TRYLOCK, lock) as Step<boolean>;
  }

  mutex_unlock(lock: mutex.Mutex): Step<void> {
    return this.lock(mutex.MUTEX_UNLOCK, lock) as Step<void>;
  }

  spin_lock(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_LOCK, lock) as Step<void>;
  }

  /** Returns whether it took the lock. */
  spin_trylock(lock: spin.Spinlock): Step<boolean> {
    return this.lock(spin.SPIN_TRYLOCK, lock) as Step<boolean>;
  }

  spin_unlock(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_UNLOCK, lock) as Step<void>;
  }

  spin_lock_irq(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_LOCK_IRQ, lock) as Step<void>;
  }

  spin_unlock_irq(lock: spin.Spinlock): Step<void> {
    return this.lock(spin.SPIN_UNLOCK_IRQ, lock) as Step<void>;
  }

  /** Returns the flags to give back: whether interrupts were on. */
  spin_lock_irqsave(lock: spin.Spinlock): Step<boolean> {
    return this.lock(spin.SPIN_LOCK_IRQSAVE, lock) as Step<boolean>;
  }

  spin_unlock_irqrestore(lock: spin.Spinlock, flags: boolean): Step<void> {
    return this.lock(spin.SPIN_UNLOCK_IRQRESTORE, lock, flags) as Step<void>;
  }

  read_lock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_LOCK, lock) as Step<void>;
  }

  read_unlock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_UNLOCK, lock) as Step<void>;
  }

  read_lock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_LOCK_IRQ, lock) as Step<void>;
  }

  read_unlock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.READ_UNLOCK_IRQ, lock) as Step<void>;
  }

  write_lock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_LOCK, lock) as Step<void>;
  }

  write_unlock(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_UNLOCK, lock) as Step<void>;
  }

  write_lock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_LOCK_IRQ, lock) as Step<void>;
  }

  write_unlock_irq(lock: rwlock.Rwlock): Step<void> {
    return this.lock(rwlock.WRITE_UNLOCK_IRQ, lock) as Step<void>;
  }

  down_read(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_READ, sem) as Step<void>;
  }

  up_read(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.UP_READ, sem) as Step<void>;
  }

  down_write(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.DOWN_WRITE, sem) as Step<void>;
  }

  up_write(sem: rwsem.Rwsem): Step<void> {
    return this.lock(rwsem.UP_WRITE, sem) as Step<void>;
  }

  /** All lock operations pass here, so that a mutant can leave some out. */
  protected lock(primitive: Primitive, lock: Lock, argument?: unknown): Step<unknown> {
    return this.#op.make(primitive, lock, argument);
  }

  // --- Memory -----------------------------------------------------------------------------------------------

  /**
   * A new object, or null where the allocation fails: the strategy's choice, within the scenario's `faults`.
   * An event only where some could fail. `label` is the object's name for people, by default its type's.
   */
  kmalloc<T extends Allocated>(type: ObjectType<T>, label: string = type.name): Step<T | null> {
    if (this.#machine.allocationsMayFail)
      return this.#op.make(KMALLOC, type, label) as Step<T | null>;
    return this.#instant.give(this.#machine.allocator.next(this.#thread, type, label)) as Step<T>;
  }

  /** From here on every access to the object is a panic. */
  kfree(object: Allocated): Step<void> {
    return this.#op.make(KFREE, object) as Step<void>;
  }

  // --- Threads ----------------------------------------------------------------------------------------------

  /** Starts a thread, on a CPU of its own unless there are fewer. It may act on a task of its own. */
  spawn<R>(
    name: string,
    path: (cpu: Cpu<Task>) => Path<R>,
    current?: unknown,
  ): Step<ThreadHandle<R>> {
    const request: SpawnRequest = { name, path: path, current };
    return this.#op.make(SPAWN, undefined, request) as Step<ThreadHandle<R>>;
  }

  /** Waits for the thread's end and returns what its path returned. */
  join<R>(thread: ThreadHandle<R>): Step<R> {
    return this.#op.make(JOIN, thread) as Step<R>;
  }

  /** No event: from here on nobody else gets this CPU. */
  preempt_disable(): Step<void> {
    if (this.#machine.priming) return this.#op.make(PREEMPT_DISABLE, undefined) as Step<void>;
    this.#machine.contexts.preemptDisable(this.#thread);
    return this.#instant.give(undefined) as Step<void>;
  }

  /** No event. */
  preempt_enable(): Step<void> {
    if (this.#machine.priming) return this.#op.make(PREEMPT_ENABLE, undefined) as Step<void>;
    this.#machine.contexts.preemptEnable(this.#thread);
    return this.#instant.give(undefined) as Step<void>;
  }

  // --- Telling and checking: no events ----------------------------------------------------------------------

  /** Announces something to the properties. */
  emit<Payload>(event: MachineEvent<Payload>, payload: NoInfer<Payload>): Step<void> {
    if (this.#machine.priming) return this.#op.make(EMIT, undefined, event, payload) as Step<void>;
    this.#machine.emit(event, payload);
    return this.#instant.give(undefined) as Step<void>;
  }

  /** A panic if the condition is true; the thread never goes on then. */
  BUG_ON(condition: boolean, message: string): Step<void> {
    if (!condition) return this.#instant.give(undefined) as Step<void>;
    const op = this.#op.make(HALT, undefined);
    this.#machine.panic(op, `BUG: ${message}`);
    return op as Step<void>;
  }

  /** A panic if the condition is false. */
  assert(condition: boolean, message = 'assertion failed'): Step<void> {
    return this.BUG_ON(!condition, message);
  }

  /** A warning if the condition is true; returns the condition. */
  WARN_ON(condition: boolean, message: string): Step<boolean> {
    if (condition) this.#machine.warn(this.#thread.index, `WARNING: ${message}`);
    return this.#instant.give(condition) as Step<boolean>;
  }

  /** A warning if the thread does not hold the lock in any mode. */
  lockdep_assert_held(lock: Lock): Step<void> {
    if (!lock.isHeldBy(this.#thread.index)) this.#notHeld(lock);
    return this.#instant.give(undefined) as Step<void>;
  }

  #notHeld(lock: Lock): void {
    this.#machine.warn(
      this.#thread.index,
      `WARNING: lockdep_assert_held(${lock.name}): it is not held`,
    );
  }
}

/** Leaves out every operation on locks of one class. */
class DeafCpu extends Cpu {
  readonly #lockClass: string;
  readonly #nothing = new Instant();

  constructor(machine: Machine, thread: Thread, current: unknown, lockClass: string) {
    super(machine, thread);
    this.bind(current);
    this.#lockClass = lockClass;
  }

  protected override lock(primitive: Primitive, lock: Lock, argument?: unknown): Step<unknown> {
    if (lock.lockClass !== this.#lockClass) return super.lock(primitive, lock, argument);
    return this.#nothing.give(true);
  }

  override lockdep_assert_held(lock: Lock): Step<void> {
    if (lock.lockClass !== this.#lockClass) return super.lockdep_assert_held(lock);
    return this.#nothing.give(undefined) as Step<void>;
  }
}
