// Who looks at the steps of a machine: a tracer, observers, and whoever wants to know each step's footprint. While
// there is one, every step costs more.
import { type AccessListener, tellAccesses } from './cell.js';
import type { Loop } from './liveness/loop.js';
import type { Operation } from './op.js';
import type { Thread } from './thread.js';
import type { StepObserver, Tracer } from './tracer.js';

export class Watchers {
  tracer: Tracer | undefined = undefined;
  readonly observers: StepObserver[] = [];
  accesses: AccessListener | undefined = undefined;

  /** Nobody has to be told of steps. */
  get isEmpty(): boolean {
    return this.tracer === undefined && this.observers.length === 0 && this.accesses === undefined;
  }

  begin(): void {
    for (const observer of this.observers) observer.begin();
  }

  spawned(creator: Thread, child: Thread): void {
    for (const observer of this.observers) observer.spawned?.(creator, child);
  }

  /** A path has seen this between two steps; returns it. */
  looked<T>(thread: Thread, seen: T): T {
    for (const observer of this.observers) observer.looked?.(thread, seen);
    return seen;
  }

  arrived(thread: Thread, loop: Loop, locals: readonly unknown[]): void {
    for (const observer of this.observers) observer.arrived?.(thread, loop, locals);
  }

  step(op: Operation, result: unknown): void {
    for (const observer of this.observers) observer.step(op, result);
    this.tracer?.step(op, result);
  }

  /** From here on accesses are told again: they are part of a step. */
  resumeTelling(): void {
    tellAccesses(this.accesses);
  }

  /** Until it is resumed: what is looked at only to find out who can go on is part of no step. */
  pauseTelling(): void {
    tellAccesses(undefined);
  }
}
