// A program with many states may have few traces: eight philosophers have 125,439 and 254. So a search by states that has
// become long makes one short attempt by traces. It counts only for what reduction is known to handle: the primitives
// that random programs have tried against the plain enumerator by the thousand. With any other one it is given up.
import type { Operation, Primitive, StepObserver } from '../../src/machine/index.js';
import { DporRefusal } from '../dpor/refusal.js';
import type { LockGraph } from '../lockdep/graph.js';
import type { Program } from '../program.js';
import type { ProveOptions, Searched } from '../prove.js';
import { proveByTraces } from './by-traces.js';

/** Traces that the attempt may take. */
const tracesMax = 1_000;

const plainNames: ReadonlySet<string> = new Set(['spawn', 'join', 'kmalloc']);

function isTried({ access, lock, name }: Primitive): boolean {
  if (access !== undefined || plainNames.has(name)) return true;
  // What a trylock touches depends on the order: random programs once found traces missing there.
  return lock !== undefined && lock.does !== 'try' && !name.endsWith('_non_owner');
}

/** Whether every step so far was one of those. */
class TriedOnly implements StepObserver {
  holds = true;

  begin(): void {
    // It holds over all executions.
  }

  step({ primitive }: Operation): void {
    this.holds &&= isTried(primitive);
  }
}

/** The proof, if there are few traces and none of them fails; otherwise undefined, and nothing is known. */
export function proveByFewTraces(
  program: Program,
  options: ProveOptions,
  graph: LockGraph,
): Searched | undefined {
  const tried = new TriedOnly();
  const watched: Program = {
    ...program,
    build: (gear) => {
      const machine = program.build(gear);
      machine.observe(tried);
      return machine;
    },
  };
  try {
    const searched = proveByTraces(
      watched,
      {
        ...options,
        runsMax: tracesMax,
        onFinding: undefined,
        onProgress: undefined,
        onRun: undefined,
        interrupted: () => !tried.holds || options.interrupted?.() === true,
      },
      graph,
    );
    const isProof = tried.holds && searched.outcome === 'proved' && searched.complete;
    return isProof && searched.wasted === 0 ? searched : undefined;
  } catch (error) {
    if (error instanceof DporRefusal) return undefined;
    throw error;
  }
}
