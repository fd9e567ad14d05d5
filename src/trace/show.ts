// How values of a machine read in a trace, beyond what the machine itself can say: it knows labels, this also
// knows objects by their memory, threads by their name, and plain payloads of events.
import { type Cell, type Named, showValue } from '../machine/index.js';

/** A value of a cell, as the cell's own `show` has it where there is one. */
export function showIn(cell: Cell<unknown>, value: unknown): string {
  return cell.show?.(value) ?? show(value);
}

/** Any value, by its name if it has one. */
export function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) return showValue(value);
  return nameFor(value, 'label') ?? (Array.isArray(value) ? showValue(value) : showFields(value));
}

/** What a step acts on: stable name and label, both empty for nothing. */
export function nameAndLabel(subject: unknown): Named {
  if ((typeof subject !== 'object' && typeof subject !== 'function') || subject === null) {
    return { name: '', label: '' };
  }
  const name = nameFor(subject, 'name') ?? '';
  return { name, label: nameFor(subject, 'label') ?? name };
}

interface Nameable extends Partial<Named> {
  readonly memory?: Partial<Named>;
}

function nameFor(thing: Nameable, which: keyof Named): string | undefined {
  const found = thing[which] ?? thing.memory?.[which] ?? thing.name;
  return typeof found === 'string' ? found : undefined;
}

/** A payload that is a plain record: `counter: F.count, from: 0, to: 1`. */
function showFields(value: object): string {
  return Object.entries(value)
    .map(([field, part]) => `${field}: ${typeof part === 'string' ? part : showValue(part)}`)
    .join(', ');
}
