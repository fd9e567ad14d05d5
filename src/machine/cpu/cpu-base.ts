// What every group of primitives is made of: the machine, the thread, and its one operation. The groups are a chain
// of classes, one file per subject, so that a path finds everything on one object: `cpu`.
import { Instant } from '../context/instant.js';
import { ModelError } from '../errors.js';
import type { CallStack } from '../frames.js';
import type { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Operation, Primitive, Step } from '../op.js';
import type { Thread } from '../thread.js';

/** `Task` is what `current` is. */
export abstract class CpuBase<out Task> {
  protected readonly machine: Machine;
  protected readonly slot: Thread;
  protected readonly op: Operation;
  readonly #instant = new Instant();
  #current: unknown = undefined;

  constructor(machine: Machine, slot: Thread) {
    this.machine = machine;
    this.slot = slot;
    this.op = slot.op;
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
        `thread ${this.slot.name} acts on no task: make the actor by on(task, path)`,
      );
    }
    return this.#current as Task;
  }

  /** The same, where there is one. */
  protected get boundTask(): unknown {
    return this.#current;
  }

  /** The name of the thread, the same in every interleaving. */
  get thread(): string {
    return this.slot.name;
  }

  /** The number of the CPU that the thread is on. */
  get id(): number {
    const { id } = this.slot.processor;
    return this.machine.attention ? this.machine.watchers.looked(this.slot, id) : id;
  }

  /** The open calls of this thread; undefined in search gear. For frames alone. */
  get calls(): CallStack | undefined {
    return this.slot.calls;
  }

  /** All lock operations pass here, so that a mutant can leave some out. */
  protected lock(primitive: Primitive, lock: Lock, argument?: unknown): Step<unknown> {
    return this.op.make(primitive, lock, argument);
  }

  /** A step that is over before it is taken. */
  protected give<R>(result: R): Step<R> {
    return this.#instant.give(result) as Step<R>;
  }

  /** An action that is no event: it belongs to the step before it. Before the first step it is one of its own. */
  protected now(primitive: Primitive, subject: unknown, a?: unknown, b?: unknown): Step<unknown> {
    if (this.machine.priming) return this.op.make(primitive, subject, a, b);
    const result = this.op.perform(primitive, subject, a, b);
    return this.slot.stopped ? this.op.halt() : this.give(result);
  }
}
