// How threads come into being: those of the initial state, and what the machine wants to know of any new one.
import type { ThreadRole } from './context/interrupts.js';
import type { Cpu } from './cpu/cpu.js';
import type { Path } from './op.js';
import type { Thread } from './thread.js';

/** A thread that exists from the start of every execution. */
export interface Actor {
  readonly name: string;
  readonly path: (cpu: Cpu<never>) => Path<unknown>;
  /** What `cpu.current` is, if the actor acts on a task. */
  readonly current: unknown;
  /** The CPU it is placed on; by default its own, or the next in turn where there are fewer CPUs. */
  readonly cpu: number | undefined;
  /** For an interrupt of that CPU: of which kind, and how often it may come. */
  readonly interrupt?: { readonly kind: 'hardirq' | 'softirq'; readonly times: number } | undefined;
  /** For the load balancer: the actor that it may move to that CPU, and how often. */
  readonly balance?: { readonly actor: string; readonly times: number } | undefined;
}

/** Where a thread begins, and as what. */
export interface PlacedThread {
  readonly current: unknown;
  readonly cpu?: number | undefined;
  readonly role?: ThreadRole;
  /** The execution is not over before it has ended; by default every thread that is no interrupt. */
  readonly mustEnd?: boolean;
}

/** What a thread is made to run. */
export type Primed = Pick<Actor, 'interrupt' | 'balance'> & {
  readonly path: (cpu: Cpu<never>, thread: Thread) => Path<unknown>;
  readonly cpu?: number | undefined;
};
