// A step as a statement, the way it would stand in a commit message.
import type { Cell, Operation } from '../machine/index.js';
import { nameAndLabel, show, showIn } from './show.js';

/** `read parent->cgroups: F`, `child->cgroups = F`, `mutex_lock(cgroup_mutex)`. */
export function narrate(op: Operation, result: unknown): string {
  const { primitive } = op;
  const label = nameAndLabel(op.subject).label;
  if (primitive.name === 'write') {
    return `${label} = ${showIn(op.subject as Cell<unknown>, op.a)}`;
  }
  // A thread that was stopped in the middle of the step has no result to tell of.
  if (op.slot.stopped) return primitive.name === 'read' ? `read ${label}` : call(op, label);
  if (primitive.name === 'read') {
    return `read ${label}: ${showIn(op.subject as Cell<unknown>, result)}`;
  }
  if (primitive.narrate !== undefined) return primitive.narrate(op, result);
  return result === undefined ? call(op, label) : `${call(op, label)}: ${show(result)}`;
}

function call(op: Operation, label: string): string {
  const args = [op.a, op.b].filter((argument) => argument !== undefined).map(show);
  return `${op.primitive.name}(${[label, ...args].filter((text) => text !== '').join(', ')})`;
}
