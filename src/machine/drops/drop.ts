// What a machine can leave out of a model, to see what it was good for: a lock, a second look, a reference. It is the
// same model otherwise; nothing is rewritten, so any model can be asked.
import type { CallStack } from '../frames.js';
import type { Thread } from '../thread.js';

/** Nobody takes locks of this class, or nobody does while a function runs, in what that calls as well. */
export interface LockDrop {
  readonly kind: 'lock';
  /** The field's name: `css_set_rwsem`, `alloc_lock`. */
  readonly lock: string;
  /** A function, or a thread by its name; undefined for everywhere. */
  readonly within?: string | undefined;
}

/**
 * A second look is not taken. It is one at something that the thread has looked at before in the same way, has not
 * changed itself, and has taken a lock since: the thread goes on with what it saw the first time, as if it trusted that.
 */
export interface RecheckDrop {
  readonly kind: 'recheck';
  /** What is looked at, and how: `list_empty(cg_list)`. */
  readonly look: string;
  /** The place of the second look; see placeOf(). */
  readonly place: string;
}

/** A reference is not taken, or not given back. Whoever asks is told that there are others left. */
export interface ReferenceDrop {
  readonly kind: 'get' | 'put';
  /** The counter's field: `refcount`. */
  readonly counter: string;
  readonly place: string;
}

export type Drop = LockDrop | RecheckDrop | ReferenceDrop;

/** What follows the last dot of a name: the field of whatever object it is. */
export function fieldOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * Where a thread is, for people and for drops: the innermost function, and who called it, since a function such as
 * get_css_set() says nothing by itself: `get_css_set() < cgroup_fork()`. Outside of any function it is the thread.
 */
export function placeOf(thread: Thread): string {
  const { calls } = thread;
  const inner = calls?.name(0);
  const outer = calls?.name(1);
  if (inner === undefined) return thread.name;
  return outer === undefined ? `${inner}()` : `${inner}() < ${outer}()`;
}

/** Whether the thread is inside of a function, or is the thread of that name. */
export function isWithin(thread: Thread, name: string): boolean {
  return thread.name === name || isOpen(thread.calls, name);
}

function isOpen(calls: CallStack | undefined, name: string): boolean {
  for (let depth = 0; calls !== undefined && depth < calls.depth; depth++) {
    if (calls.name(depth) === name) return true;
  }
  return false;
}
