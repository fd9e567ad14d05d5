// What a program can come to, by the plain enumerator and by the search of its states, in a form in which the two can be
// compared.
import {
  enumerate,
  type Program,
  searchStates,
  type StatefulOptions,
} from '../../scheduler/index.js';
import { type Machine, signature } from '../../src/machine/index.js';

export interface CanComeTo {
  /** The signatures of all verdicts, sorted; `ok` for none. */
  readonly verdicts: readonly string[];
  /** What the threads of executions that ended well had returned, sorted. */
  readonly results: readonly string[];
  /** Some execution was cut off. */
  readonly isLimited: boolean;
}

class Ends {
  readonly #verdicts = new Set<string>();
  readonly #results = new Set<string>();

  see(machine: Machine): void {
    const { verdict } = machine;
    this.#verdicts.add(verdict.kind === 'ok' ? 'ok' : signature(verdict));
    if (verdict.kind !== 'ok') return;
    const results = Array.from({ length: machine.threadCount }, (_, t) => {
      const { name, result } = machine.thread(t);
      return `${name}: ${JSON.stringify([result])}`;
    });
    this.#results.add(results.join(', '));
  }

  all(isLimited: boolean): CanComeTo {
    return { verdicts: [...this.#verdicts].sort(), results: [...this.#results].sort(), isLimited };
  }
}

export function fromSchedules(program: Program, options: StatefulOptions = {}): CanComeTo {
  const ends = new Ends();
  const { limited } = enumerate(program, {
    ...options,
    onRun: ({ machine }) => {
      ends.see(machine);
    },
  });
  return ends.all(limited > 0);
}

export function fromStates(program: Program, options: StatefulOptions = {}): CanComeTo {
  const ends = new Ends();
  const { limited } = searchStates(program, {
    ...options,
    onEnd: (machine) => {
      ends.see(machine);
    },
  });
  return ends.all(limited > 0);
}
