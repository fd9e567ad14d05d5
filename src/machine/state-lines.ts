// The state of a machine as text: what digests of replays compare.
import { load } from './cell.js';
import type { Machine } from './machine.js';
import { identify, type Named } from './names.js';

/**
 * The present state as sorted lines: every cell that differs from the initial state, store buffers included, and
 * where each thread is. Equal executions have equal lines at every step.
 */
export function stateLines(machine: Machine): string[] {
  const lines: string[] = [];
  for (const [cell, original] of machine.journal.originals()) {
    const value = load(cell);
    if (value !== original) lines.push(`${cell.name}=${identify(value)}`);
  }
  for (let t = 0; t < machine.threadCount; t++) {
    const { name, ended, stopped, op } = machine.thread(t);
    const subject = (op.subject as Partial<Named> | undefined)?.name ?? '';
    const where = ended ? 'ended' : stopped ? 'stopped' : `${op.primitive.name} ${subject}`;
    lines.push(`${name}: ${where}`);
  }
  return lines.sort();
}
