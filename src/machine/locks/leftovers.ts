// A thread that ends, or a handler that returns, gives back all that it has taken (K-06).
import type { Operation } from '../op.js';
import { checkSectionsLeft } from '../rcu/read-section.js';
import type { Thread } from '../thread.js';

/** Breaks the rule where the thread still holds a lock; `what` is what it does: `ends`. */
export function mustHoldNothing(
  { machine }: Operation,
  { name, held }: Thread,
  what: string,
): void {
  const [seqcount] = held.unvalidated;
  if (seqcount !== undefined) {
    const message = `${name} ${what} without having validated what it read under ${seqcount.name}`;
    machine.breakRule('K-10', message);
  }
  if (held.depth === 0) return;
  const locks: string[] = [];
  for (let n = 0; n < held.depth; n++) {
    locks.push(`${held.lock(n).name}${held.mode(n) === 'read' ? ' for reading' : ''}`);
  }
  machine.breakRule('K-06', `${name} ${what} with ${locks.join(' and ')} held`);
}

/** The same for a thread that ends, and the RCU read sections that it is in. */
export function mustHaveLeftAll(thread: Thread): void {
  mustHoldNothing(thread.op, thread, 'ends');
  checkSectionsLeft(thread);
}
