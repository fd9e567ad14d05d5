// Memory that paths allocate and free. An object is named by the thread that made it and as which of its
// creations, and pooled under that name: the next execution gets the same object back, as it was when new.
import { Cell, poison } from './cell.js';
import { Fields } from './fields.js';
import type { Allocator } from './allocator.js';
import { createdName, type Named } from './names.js';
import { type Change, type Operation, Primitive } from './op.js';
import type { LockProfile } from './profile.js';
import { OBJECT_WRITE } from './races/access.js';

/** The memory of one object: it gives the object its fields, and poisons them all when it is freed. */
export class Memory extends Fields implements Named {
  readonly name: string;
  readonly label: string;
  readonly #freed: Cell<boolean>;

  constructor(name: string, label: string, locks?: LockProfile, typeName?: string) {
    const self = { name, label, typeName };
    super(self, locks);
    this.name = name;
    this.label = label;
    this.#freed = new Cell<boolean>(self, 'freed', false);
  }

  /** For properties: whether the object was freed. */
  peekFreed(): boolean {
    return this.#freed.peek();
  }

  /** Frees the object; the thread is stopped if it was free before, or if one of its locks is held. */
  free(op: Operation): void {
    if (op.load(this.#freed)) {
      op.machine.panic(op, `double free of ${this.name}`);
      return;
    }
    const held = this.locks.find((lock) => lock.isHeld() && !op.hasReleased(lock));
    if (held !== undefined) {
      op.machine.panic(op, `${this.name} was freed while ${held.name} is held`);
      return;
    }
    const fields = this.cells.map((cell) => ({ cell, value: poison }));
    const freed: Change = { cell: this.#freed as Cell<unknown>, value: true };
    op.storeTogether([freed, ...fields], `kfree(${this.label})`);
  }
}

/** An object with a life of its own. */
export interface Allocated {
  readonly memory: Memory;
}

/** A type of objects: a class whose name is the C name of the struct and whose constructor makes the fields. */
export interface ObjectType<T extends Allocated> {
  readonly name: string;
  new (memory: Memory): T;
}

/** Where the objects that one thread has ever made are kept between executions. */
export class Pool {
  /** Made with the first object: of a hundred thousand threads few make any. */
  #objects: Map<ObjectType<never>, Pooled> | undefined = undefined;
  readonly #owner: string;

  constructor(owner: string) {
    this.#owner = owner;
  }

  /** Forgets how many were made: a new execution begins. */
  restart(): void {
    if (this.#objects === undefined) return;
    for (const pooled of this.#objects.values()) pooled.count = 0;
  }

  /** How many objects were made in this execution. */
  get count(): number {
    let made = 0;
    if (this.#objects !== undefined) for (const { count } of this.#objects.values()) made += count;
    return made;
  }

  /** Visits how many objects of each type were made in this execution. */
  visitCounts(visit: (type: object, count: number) => void): void {
    if (this.#objects === undefined) return;
    for (const [type, { count }] of this.#objects) if (count > 0) visit(type, count);
  }

  /** The thread's next object of the type. */
  next<T extends Allocated>(type: ObjectType<T>, label: string, allocator: Allocator): T {
    const key = type as unknown as ObjectType<never>;
    this.#objects ??= new Map<ObjectType<never>, Pooled>();
    let pooled = this.#objects.get(key);
    if (pooled === undefined) this.#objects.set(key, (pooled = { count: 0, all: [] }));
    const n = ++pooled.count;
    let object = pooled.all[n - 1] as T | undefined;
    if (object === undefined) {
      const name = createdName(type.name, this.#owner, n);
      object = new type(
        allocator.memory(name, n === 1 ? label : `${label}${String(n)}`, type.name),
      );
      pooled.all.push(object);
      allocator.register(object);
    }
    return object;
  }
}

/** The objects of one type: how many were made in this execution, and all that ever were. */
interface Pooled {
  count: number;
  readonly all: Allocated[];
}

/** How hard an allocation tries: whether it may sleep, and whether it may fail. */
export type Gfp = 'GFP_KERNEL' | 'GFP_NOWAIT' | 'GFP_ATOMIC' | 'GFP_KERNEL|__GFP_NOFAIL';

/** An allocation that may reclaim memory may sleep (K-16); GFP_ATOMIC and GFP_NOWAIT never do. */
export function maySleep(gfp: Gfp): boolean {
  return gfp === 'GFP_KERNEL' || gfp === 'GFP_KERNEL|__GFP_NOFAIL';
}

/** An object of type `subject`, or null where it fails; `b` says how hard it tries. */
export const KMALLOC = new Primitive({
  name: 'kmalloc',
  announce: (op) => {
    if (maySleep(op.b as Gfp)) op.machine.contexts.mightSleep(op);
  },
  plain: true,
  act: (op) => op.machine.allocator.nextOrFail(op),
  narrate: (op, object) => {
    const type = (op.subject as ObjectType<Allocated>).name;
    return object === null
      ? `kmalloc(${type}) fails`
      : `${(object as Allocated).memory.label} = kmalloc()`;
  },
});

export const KFREE = new Primitive({
  name: 'kfree',
  access: OBJECT_WRITE,
  plain: true,
  act: (op) => {
    (op.subject as Allocated).memory.free(op);
  },
  narrate: (op) => `kfree(${(op.subject as Allocated).memory.label})`,
});
