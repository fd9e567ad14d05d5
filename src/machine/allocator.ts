// Gives out objects: those of the initial state under names of their own, those of a run from their maker's pool,
// and none where the strategy lets an allocation fail.
import { UsageError } from './errors.js';
import { type Allocated, Memory, type ObjectType } from './heap.js';
import type { Lock } from './locks/lock.js';
import type { Machine } from './machine.js';
import type { Operation } from './op.js';
import type { Thread } from './thread.js';

export class Allocator {
  readonly #machine: Machine;
  readonly #memories: Memory[] = [];
  readonly #names = new Set<string>();
  readonly #watchers: ((object: Allocated) => void)[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Whether an allocation is an event: it is where some could fail. */
  get mayFail(): boolean {
    return this.#machine.faults.mayHappen;
  }

  /**
   * An object of the initial state.
   * @throws UsageError if the name is taken
   */
  named<T extends Allocated>(type: ObjectType<T>, name: string): T {
    if (this.#names.has(name)) {
      throw new UsageError(`two objects of the initial state are named "${name}"`);
    }
    this.#names.add(name);
    const object = new type(this.memory(name, name, type.name));
    this.register(object);
    return object;
  }

  /** Memory for an object that is being made. */
  memory(name: string, label: string, typeName: string): Memory {
    return new Memory(name, label, this.#machine.profile, typeName);
  }

  /** The thread's next object of the type. */
  next<T extends Allocated>(creator: Thread, type: ObjectType<T>, label: string): T {
    return creator.identity.pool.next(type, label, this);
  }

  /** The same as an event of the thread, or null where the allocation fails. */
  nextOrFail(op: Operation): Allocated | null {
    const mayFail = op.b !== 'GFP_KERNEL|__GFP_NOFAIL';
    if (mayFail && this.#machine.faults.fails(op, 'kmalloc')) return null;
    return this.next(op.slot, op.subject as ObjectType<Allocated>, op.a as string);
  }

  /** Has every object shown to `see`, once, when it is first made. */
  watch(see: (object: Allocated) => void): void {
    this.#watchers.push(see);
  }

  /** A new object exists: told once per object, not once per execution. */
  register(object: Allocated): void {
    this.#memories.push(object.memory);
    for (const see of this.#watchers) see(object);
  }

  /** The locks of all objects that are not freed. */
  liveLocks(): Lock[] {
    return this.#memories.filter((memory) => !memory.peekFreed()).flatMap((memory) => memory.locks);
  }
}
