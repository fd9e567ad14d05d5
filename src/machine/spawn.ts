// Starting and awaiting threads. A spawn precedes its child's first step; a join follows its last one; neither
// depends on anything else.
import { type Operation, type Path, Primitive } from './op.js';
import type { ThreadRole } from './context/interrupts.js';
import type { Cpu } from './cpu/cpu.js';
import type { Thread, ThreadIdentity } from './thread.js';

/** What spawn returns and join takes. */
export interface ThreadHandle<out R = unknown> {
  readonly index: number;
  readonly name: string;
  /** For properties: what the thread's path returned, once it has ended. */
  readonly result: () => R | undefined;
}

/** What spawn needs to know, in operation field `a`. */
export interface SpawnRequest {
  readonly name: string;
  readonly path: (cpu: Cpu<never>, thread: Thread) => Path<unknown>;
  readonly current: unknown;
  /** By default a thread like any other. */
  readonly role?: ThreadRole;
  /** Whether the execution is not over before it has ended; by default, of a thread that is no interrupt. */
  readonly mustEnd?: boolean;
  /** The CPU that it is placed on; by default one of its own. */
  readonly cpu?: number | undefined;
  /** By default the creator's next child of that name. */
  readonly identity?: ThreadIdentity;
  /** For an interrupt: of which kind, and how often it may come. */
  readonly interrupt?: { readonly kind: 'hardirq' | 'softirq'; readonly times: number };
}

/** What the machine gives out as one. */
export class Handle implements ThreadHandle {
  readonly index: number;
  readonly name: string;
  readonly result: () => unknown;

  constructor(thread: Thread) {
    this.index = thread.index;
    this.name = thread.name;
    this.result = () => thread.result;
  }

  /** For fingerprints of states. */
  get stateName(): string {
    return `${String(this.index)} ${this.name}`;
  }
}

/** The thread's handle: one object, so that a cell that holds it can be compared. */
export function handleOf(thread: Thread): ThreadHandle {
  return (thread.handle ??= new Handle(thread));
}

export const SPAWN = new Primitive({
  name: 'spawn',
  signal: 'signals',
  act: (op): ThreadHandle => {
    const request = op.a as SpawnRequest;
    op.machine.lockdep.watchEvents();
    return handleOf(op.machine.spawn(op.slot, request));
  },
  narrate: (_, handle) => `spawn ${(handle as ThreadHandle).name}`,
});

const awaited = (op: Operation): Thread => op.machine.thread((op.subject as ThreadHandle).index);

export const JOIN = new Primitive({
  name: 'join',
  signal: 'waits',
  follows: (op) => awaited(op).index,
  isEnabled: (op) => awaited(op).ended,
  announce: (op) => {
    op.machine.contexts.mightSleep(op);
    const thread = awaited(op);
    if (thread.ended) return;
    thread.joiners.push(op);
    op.machine.blockOnLock(op);
  },
  blockers: (op, visit) => {
    const thread = awaited(op);
    if (!thread.ended) visit(thread.index);
  },
  act: (op) => awaited(op).result,
  effect: 'reads',
  narrate: (op) => `join ${(op.subject as ThreadHandle).name}`,
});
