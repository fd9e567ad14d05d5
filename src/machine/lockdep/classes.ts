// The nodes of lockdep's graph: classes of locks, and events that threads wait for. All locks of one field of one type
// are one class, as in the kernel, and so is each global lock; a nesting level makes a class of its own.
import { ModelError } from '../errors.js';
import { limits } from '../../limits.js';
import type { Lock } from '../locks/lock.js';

export interface DependencyClass {
  readonly id: number;
  readonly name: string;
  readonly isEvent: boolean;
}

export class DependencyClasses {
  readonly #all: DependencyClass[] = [];
  readonly #byName = new Map<string, DependencyClass>();

  at(id: number): DependencyClass {
    return this.#all[id] as DependencyClass;
  }

  get count(): number {
    return this.#all.length;
  }

  /** The class of a lock, taken at a nesting level: 0 unless the model says otherwise. */
  idOf(lock: Lock, level: number): number {
    if (level > 0) return this.#named(`${lock.dependencyClass}/${String(level)}`, false);
    if (lock.classId < 0) lock.classId = this.#named(lock.dependencyClass, false);
    return lock.classId;
  }

  ofEvent(name: string): number {
    return this.#named(name, true);
  }

  #named(name: string, isEvent: boolean): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known.id;
    const id = this.#all.length;
    if (id === limits.lockClassesMax) {
      throw new ModelError(`more than ${String(limits.lockClassesMax)} classes of locks`);
    }
    const made = { id, name, isEvent };
    this.#all.push(made);
    this.#byName.set(name, made);
    return id;
  }
}
