// Who waits for a lock, first come first: an immutable list, so that a cell can hold it and undo it. It is built only
// where threads contend.
import type { Operation } from '../op.js';

export class Queued {
  readonly op: Operation;
  readonly writes: boolean;
  readonly next: Queued | null;

  constructor(op: Operation, writes: boolean, next: Queued | null) {
    this.op = op;
    this.writes = writes;
    this.next = next;
  }

  /** For digests: the whole rest of the queue. */
  get name(): string {
    const rest = this.next === null ? '' : ` ${this.next.name}`;
    return `${this.op.slot.name}(${this.writes ? 'write' : 'read'})${rest}`;
  }

  get label(): string {
    return this.name;
  }

  get stateName(): string {
    return this.name;
  }
}

export function appended(queue: Queued | null, op: Operation, writes: boolean): Queued {
  return queue === null
    ? new Queued(op, writes, null)
    : new Queued(queue.op, queue.writes, appended(queue.next, op, writes));
}

/** The queue without the one that leaves it. */
export function without(queue: Queued | null, op: Operation): Queued | null {
  if (queue === null) return null;
  return queue.op === op ? queue.next : new Queued(queue.op, queue.writes, without(queue.next, op));
}
