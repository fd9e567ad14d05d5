// What an execution came to, for histograms as of litmus tests: the values that the model names, or, if it names none,
// what its actors have returned. It is looked at when an execution has ended, and only where somebody asks.
import { PeekError } from './cell.js';
import type { Machine } from './machine.js';
import { identify, type Named } from './names.js';

/** What each actor of the initial state has returned, by name; undefined for one that has not ended. */
export type Results = Readonly<Record<string, unknown>>;

/** Values by name; cells are peeked by whoever makes them. */
export type OutcomeLook = (results: Results) => Readonly<Record<string, unknown>>;

/** One value of an outcome, as text: equal for two values only if they are the same. */
export interface OutcomeValue {
  readonly name: string;
  readonly text: string;
}

export class Outcome {
  readonly #machine: Machine;
  #look: OutcomeLook = returned;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** From now on these values are what an execution comes to. */
  declare(look: OutcomeLook): void {
    this.#look = look;
  }

  /** Of the execution that has ended, in the order in which the model names them. */
  read(): OutcomeValue[] {
    try {
      const values = Object.entries(this.#look(resultsOf(this.#machine)));
      return values.map(([name, value]) => ({ name, text: textOf(value) }));
    } catch (error) {
      if (!(error instanceof PeekError)) throw error;
      return [{ name: 'outcome', text: `not to be looked at, ${error.message}` }];
    }
  }
}

/** Spawned threads return to whoever joins them. */
function resultsOf(machine: Machine): Results {
  const results: Record<string, unknown> = {};
  for (let t = 0; t < machine.threadCount; t++) {
    const { identity, role, result } = machine.thread(t);
    if (!identity.isSpawned && role === 'task') results[identity.name] = result;
  }
  return results;
}

/** Actors that return nothing have nothing to tell. */
const returned: OutcomeLook = (results) =>
  Object.fromEntries(Object.entries(results).filter(([, value]) => value !== undefined));

/** Objects by their names, which are the same in every schedule. */
function textOf(value: unknown): string {
  if (value === null) return 'NULL';
  const isNamed = typeof value === 'object' || typeof value === 'function';
  const name = isNamed ? (value as Partial<Named>).name : undefined;
  return typeof name === 'string' ? name : identify(value);
}
