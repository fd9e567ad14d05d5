// What a call may be given and may return so that nothing of it outlives it but its result: values that no path can
// change behind the back of its steps.
import { Cell } from '../cell.js';
import { PerCpu } from '../context/per-cpu.js';
import { Memory } from '../heap.js';
import { ListHead } from '../list.js';
import { Lock } from '../locks/lock.js';
import { Handle } from '../spawn.js';
import { Timer } from '../time/timer.js';
import { EventObject } from '../waiting/event-object.js';

/** True for a primitive, a thing of the machine, and a frozen list of these. */
export function isSettled(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return Object.isFrozen(value) && value.every(isSettled);
  return isOfMachine(value);
}

const kinds = [Cell, Lock, ListHead, EventObject, Timer, PerCpu, Memory, Handle];

function isOfMachine(value: object): boolean {
  const { memory } = value as { readonly memory?: unknown };
  return memory instanceof Memory || kinds.some((kind) => value instanceof kind);
}

/** The same for all arguments of a call. */
export function areSettled(values: readonly unknown[]): boolean {
  for (const value of values) if (!isSettled(value)) return false;
  return true;
}
