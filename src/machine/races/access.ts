// What primitives do to shared memory, in the terms of the Linux-kernel memory model: plain or marked, and what else
// they put in order. Each primitive that accesses memory has one of these. The source is
// tools/memory-model/Documentation (access-marking.txt, ordering.txt) and Documentation/atomic_t.txt.
import type { Cell } from '../cell.js';
import type { Operation } from '../op.js';

export interface AccessUse {
  /** An update reads and writes in one step. */
  readonly does: 'reads' | 'writes' | 'updates';
  /** `data_race`: whatever it races with is meant to be, and is not looked at. */
  readonly marking: 'plain' | 'marked' | 'data_race';
  /**
   * Which other accesses it orders. `acquire`: its thread's later ones come after whatever the store that it reads
   * from was released with. `release`: the counterpart. `full`: both. `dependency`: like acquire, for what is reached
   * through the pointer that it reads.
   */
  readonly order: 'nothing' | 'acquire' | 'release' | 'full' | 'dependency';
  /** Its subject's memory: one cell, the pointers of the lists that it touches, or all of an object. */
  readonly of: 'cell' | 'list' | 'object';
  /** The cell, where it is a part of the subject: the sequence of a seqcount. */
  readonly cellOf?: (op: Operation) => Cell<unknown>;
  /** For one that may find nothing to do, and then has only read, in no order: whether it wrote. */
  readonly wrote?: (op: Operation, result: unknown) => boolean;
}

const base = { order: 'nothing', of: 'cell' } as const;

export const PLAIN_READ: AccessUse = { ...base, does: 'reads', marking: 'plain' };
export const PLAIN_WRITE: AccessUse = { ...base, does: 'writes', marking: 'plain' };
/** The `|=` of a plain variable. */
export const PLAIN_UPDATE: AccessUse = { ...base, does: 'updates', marking: 'plain' };
/** data_race(x) */
export const RACY_READ: AccessUse = { ...base, does: 'reads', marking: 'data_race' };
export const RACY_WRITE: AccessUse = { ...base, does: 'writes', marking: 'data_race' };
/** READ_ONCE(), atomic_read(): only a pointer that it reads orders what is reached through it. */
export const MARKED_READ: AccessUse = { ...base, does: 'reads', marking: 'marked' };
/** WRITE_ONCE(), atomic_set() */
export const MARKED_WRITE: AccessUse = { ...base, does: 'writes', marking: 'marked' };
/** smp_load_acquire() */
export const ACQUIRING_READ: AccessUse = { ...MARKED_READ, order: 'acquire' };
/** rcu_dereference() */
export const DEPENDENCY_READ: AccessUse = { ...MARKED_READ, order: 'dependency' };
/** smp_store_release(), rcu_assign_pointer() */
export const RELEASING_WRITE: AccessUse = { ...MARKED_WRITE, order: 'release' };
/** An atomic operation without a result, such as atomic_inc() and set_bit(): it orders nothing. */
export const RELAXED_UPDATE: AccessUse = { ...base, does: 'updates', marking: 'marked' };
/** An atomic operation with a result: fully ordered. */
export const ORDERED_UPDATE: AccessUse = { ...RELAXED_UPDATE, order: 'full' };
/** list_empty(), list_first_entry() */
export const LIST_READ: AccessUse = { ...PLAIN_READ, of: 'list' };
export const LIST_UPDATE: AccessUse = { ...PLAIN_UPDATE, of: 'list' };
/** kfree(): the slab allocator asserts that nobody else accesses the object, marked or not. */
export const OBJECT_WRITE: AccessUse = { ...PLAIN_WRITE, of: 'object' };

/** An atomic operation that is fully ordered when it changes the value, and else only reads. */
export function orderedIf(wrote: (op: Operation, result: unknown) => boolean): AccessUse {
  return { ...ORDERED_UPDATE, wrote };
}
