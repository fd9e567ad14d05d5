// What an execution came to, as text that does not depend on the order of independent steps.
import type { Execution } from '../../scheduler/index.js';
import { isFailure } from '../../src/machine/index.js';

/** The changed cells of the initial state, where each thread is or what it returned, and whether it failed. */
export function outcomeOf({ machine }: Execution): string {
  const parts: string[] = [];
  for (const [cell] of machine.journal.originals()) {
    if (/^[a-z]$/.test(cell.name)) parts.push(`${cell.name}=${String(cell.peek())}`);
  }
  for (let t = 0; t < machine.threadCount; t++) {
    const { name, ended, stopped, result, op } = machine.thread(t);
    const where = ended ? String(result) : stopped ? 'stopped' : op.primitive.name;
    parts.push(`${name}:${where}`);
  }
  return `${isFailure(machine.verdict) ? 'fails' : 'ok'} ${parts.sort().join(' ')}`;
}
