// A tracer that cares for steps alone.
import type { Operation, Tracer } from '../../src/machine/index.js';

export abstract class StepTracer implements Tracer {
  abstract step(op: Operation, result: unknown): void;

  enter(): void {
    // Calls are no steps.
  }
  leave(): void {
    // Calls are no steps.
  }
  note(): void {
    // Private work is no step.
  }
  emitted(): void {
    // An announcement to properties is no step.
  }
  verdict(): void {
    // It follows from the steps.
  }
}

/** Who took each step of the present execution. */
export class StepLog extends StepTracer {
  readonly names: string[] = [];

  override step(op: Operation): void {
    if (op.primitive.name !== 'halt') this.names.push(op.slot.name);
  }
}
