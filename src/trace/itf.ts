// The trace as states in the Informal Trace Format (Apalache ADR 015), which the tools around TLA+ and Quint
// read. Cells are strings as they print; `step` is 0 in the initial state, in which no `thread` has acted.
import type { Trace } from './trace.js';

type State = Readonly<Record<string, unknown>>;

/** One JSON document. */
export function traceToItf(trace: Trace): string {
  const values = new Map(trace.cells.map((cell) => [cell.name, cell.initial]));
  const states: State[] = [stateOf(values, 0, '')];
  for (const entry of trace.entries) {
    if (entry.kind !== 'step' && entry.kind !== 'note') continue;
    for (const [i, cell] of entry.writes.entries()) values.set(cell, entry.values[i] ?? '');
    if (entry.kind === 'note') continue;
    states.push(stateOf(values, entry.n + 1, trace.threads[entry.thread]?.name ?? ''));
  }
  const document = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: 'racewalk',
      description: trace.rung === undefined ? trace.scenario : `${trace.scenario} on ${trace.rung}`,
      verdict: trace.verdict.kind,
    },
    vars: [...[...values.keys()].map(variable), 'step', 'thread'],
    states,
  };
  return JSON.stringify(document, undefined, 1);
}

function stateOf(values: ReadonlyMap<string, string>, step: number, thread: string): State {
  const cells = [...values].map(([name, value]) => [variable(name), value] as const);
  return {
    '#meta': { index: step },
    ...Object.fromEntries(cells),
    step: { '#bigint': String(step) },
    thread,
  };
}

/** A cell of this name would be taken for the step or the thread. */
function variable(name: string): string {
  return name === 'step' || name === 'thread' || name.startsWith('#') ? `cell ${name}` : name;
}
