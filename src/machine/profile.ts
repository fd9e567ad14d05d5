// What kind of machine it is: what a model may leave open because it differs between kernels, configurations and
// processors, and the bounds of one execution. Every answer names what differs from the default.

import type { Drop } from './drops/drop.js';

/** How rwlock_t treats a reader while a writer waits. */
export type RwlockPolicy =
  /** Before 3.16: a reader gets in whenever no writer is in. */
  | 'reader-preferring'
  /** From 3.16 on: first come, first served, except for readers in an interrupt. */
  | 'queued';

/** How an rwsem is granted (K-09). */
export type RwsemPolicy =
  /** Strictly first come, first served. */
  | 'fifo'
  /** From 3.10 on: a writer that comes while the lock is free takes it past the queue. */
  | 'stealing'
  /** A reader gets in whenever no writer is in. */
  | 'reader-preferring';

/** Sequential consistency, or x86's total store order: in which order stores become visible. */
export type MemoryOrder = 'sc' | 'tso';

/** What locks are made of. */
export interface LockProfile {
  readonly rwlock: RwlockPolicy;
  readonly rwsem: RwsemPolicy;
  /** CONFIG_PREEMPT_RT: spinlock_t and rwlock_t sleep; raw_spinlock_t does not. */
  readonly rt: boolean;
}

export interface MachineProfile extends LockProfile {
  /** Number of CPUs; undefined for one per thread, so that placement hides nothing. */
  readonly cpus: number | undefined;
  /** How many steps that may fail do fail in one execution: allocations and callbacks. */
  readonly faults: number;
  /** Places where a step always fails, besides: `find_css_set:2`; see FaultPlace. */
  readonly fail: readonly string[];
  readonly memory: MemoryOrder;
  /** Whether conflicting accesses that nothing orders are a verdict. */
  readonly dataRaces: boolean;
  /** What is left out of the model, to see what it was good for. */
  readonly drop: readonly Drop[];
}

export type MachineOptions = {
  readonly [K in keyof MachineProfile]?: MachineProfile[K] | undefined;
};

export const defaultProfile: MachineProfile = {
  cpus: undefined,
  faults: 0,
  fail: [],
  memory: 'sc',
  dataRaces: false,
  drop: [],
  rwlock: 'reader-preferring',
  rwsem: 'fifo',
  rt: false,
};

/** The options, with the default for everything that they leave out. */
export function profileOf(options: MachineOptions): MachineProfile {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaultProfile, ...(Object.fromEntries(given) as Partial<MachineProfile>) };
}
