// Names do not depend on the interleaving: an object is named by who made it and as which of that thread's
// creations. The same names serve replay files, dependence between operations, and the state digest.

export interface Named {
  /** Unique and the same in every interleaving: `parent.cgroups`, `css_set:transfer/1.tasks`. */
  readonly name: string;
  /** Short, for people: `child->cgroups`. Not always unique. */
  readonly label: string;
  /** For an object: the name of its type. */
  readonly typeName?: string | undefined;
}

/** The name of the n-th object of a type that a thread made: `css_set:transfer/1`, counted from 1. */
export function createdName(type: string, creator: string, n: number): string {
  return `${type}:${creator}/${String(n)}`;
}

/** How any value reads in a trace: objects by their label, text quoted, everything else as it prints. */
export function showValue(value: unknown): string {
  if (value === null) return 'NULL';
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' || typeof value === 'function') {
    const label = (value as Partial<Named>).label;
    return typeof label === 'string'
      ? label
      : Array.isArray(value)
        ? `[${value.map(showValue).join(', ')}]`
        : 'object';
  }
  return printed(value);
}

/** Numbers, booleans, bigints and symbols, as they print. */
function printed(value: unknown): string {
  return typeof value === 'symbol' ? value.toString() : `${value as number}`;
}

/** The stable identity of a value in a digest: objects by name. */
export function identify(value: unknown): string {
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    const name = (value as Partial<Named>).name;
    return typeof name === 'string'
      ? `#${name}`
      : Array.isArray(value)
        ? `[${value.map(identify).join()}]`
        : '#?';
  }
  return typeof value === 'string' ? JSON.stringify(value) : printed(value);
}
