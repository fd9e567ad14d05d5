// Whether two pending operations may come out differently in the other order. It is a guess from what both have
// announced, made without running either: good enough to say where a sampler should draw anew, never to leave a schedule
// out. It says yes too often where lists are neighbours, and no for what meets without naming one thing: a grace period
// and the readers that it waits for, a thread and the end that it awaits.
import { Cell, load } from './cell.js';
import type { Allocated, Memory } from './heap.js';
import { ListHead } from './list.js';
import { Lock } from './locks/lock.js';
import type { Operation } from './op.js';
import { EventObject } from './waiting/event-object.js';

/** Whether the order of two pending operations of different threads may matter. */
export function mayConflict(a: Operation, b: Operation): boolean {
  if (a.subject === b.subject) {
    return a.subject !== undefined && !(a.primitive.onlyLooks && b.primitive.onlyLooks);
  }
  if (a.primitive.reach === 'subject' && b.primitive.reach === 'subject') return false;
  return reachIntoEachOther(a, b);
}

/** For what touches more than its subject: a list its neighbours, kfree() every field of the object. */
function reachIntoEachOther(a: Operation, b: Operation): boolean {
  if (a.primitive.reach === 'object') return isPartOf(b, (a.subject as Allocated).memory);
  if (b.primitive.reach === 'object') return isPartOf(a, (b.subject as Allocated).memory);
  if (a.primitive.reach !== 'list' || b.primitive.reach !== 'list') return false;
  if (a.primitive.onlyLooks && b.primitive.onlyLooks) return false;
  return touchesNeighbourhood(a, b.subject) || touchesNeighbourhood(a, b.a);
}

function isPartOf({ subject, a }: Operation, memory: Memory): boolean {
  return isField(subject, memory) || isField(a, memory);
}

function isField(thing: unknown, memory: Memory): boolean {
  if (thing instanceof Cell) return memory.cells.includes(thing as Cell<unknown>);
  if (thing instanceof Lock) return memory.locks.includes(thing);
  if (thing instanceof ListHead) return memory.cells.includes(thing.next as Cell<unknown>);
  return thing instanceof EventObject && memory.cells.includes(thing.cells()[0] as Cell<unknown>);
}

/** Whether a list operation names a node, or has one that it names beside it or two places away. */
function touchesNeighbourhood(op: Operation, node: unknown): boolean {
  if (!(node instanceof ListHead)) return false;
  return isNear(op.subject, node) || isNear(op.a, node);
}

function isNear(named: unknown, node: ListHead<unknown>): boolean {
  if (!(named instanceof ListHead)) return false;
  const next = load(named.next as Cell<unknown>);
  const prev = load(named.prev as Cell<unknown>);
  if (named === node || next === node || prev === node) return true;
  const after = load(node.next as Cell<unknown>);
  const before = load(node.prev as Cell<unknown>);
  return next === after || next === before || prev === after || prev === before;
}
