// What trace gear wants to know. In search gear there is no tracer and none of this is computed.
import type { Loop } from './liveness/loop.js';
import type { MachineEvent } from './property.js';
import type { Operation } from './op.js';
import type { Thread } from './thread.js';
import type { Verdict } from './verdict.js';

/** Who looks at every step; while there is one, every step costs more. */
export interface StepObserver {
  /** An execution begins. */
  begin(): void;
  /** A thread has made another one, which has not run yet. */
  spawned?(creator: Thread, child: Thread): void;
  /** A step has taken effect (op.isPending: it joined a queue and waits). */
  step(op: Operation, result: unknown): void;
  /** A path has looked at something between two steps that is no constant. */
  looked?(thread: Thread, seen: unknown): void;
  /** A thread has come to the head of a loop; `locals` are what the rest of its path depends on. */
  arrived?(thread: Thread, loop: Loop, locals: readonly unknown[]): void;
}

/** Who is told of calls. */
export interface CallListener {
  /** A path was called. */
  enter(thread: number, name: string, args: readonly unknown[]): void;
  /** A path has returned. */
  leave(thread: number, name: string, result: unknown): void;
}

export interface Tracer extends CallListener {
  /** A step has taken effect (op.isPending: it joined a queue and waits). */
  step(op: Operation, result: unknown): void;
  /** A private object was filled in, which is no step. */
  note(thread: number, text: string): void;
  emitted(event: MachineEvent<never>, payload: unknown): void;
  verdict(verdict: Verdict): void;
}
