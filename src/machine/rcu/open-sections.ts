// The read sections that were open at one moment: exactly what a grace period that begins then has to wait for.
// Sections that begin later are not waited for, so that a grace period ends as early as is legal.
import { load } from '../cell.js';
import type { Named } from '../names.js';
import type { Thread } from '../thread.js';

/** Immutable, so that a cell can hold it. */
export class OpenSections implements Named {
  static readonly none = new OpenSections([]);
  readonly #readers: readonly Thread[];
  /** Of each reader, its count of quiescent states at that moment. */
  readonly #counts: readonly number[];

  constructor(readers: readonly Thread[]) {
    this.#readers = readers;
    this.#counts = readers.map(({ rcu }) => load(rcu.quiescentStates));
  }

  /** Visits the threads whose sections are still open. */
  visitOpen(visit: (thread: number) => void): void {
    for (let n = 0; n < this.#readers.length; n++) {
      if (this.#isOpen(n)) visit((this.#readers[n] as Thread).index);
    }
  }

  /** Whether all of the sections have ended. */
  get areOver(): boolean {
    for (let n = 0; n < this.#readers.length; n++) {
      if (this.#isOpen(n)) return false;
    }
    return true;
  }

  #isOpen(n: number): boolean {
    return load((this.#readers[n] as Thread).rcu.quiescentStates) === this.#counts[n];
  }

  get name(): string {
    return this.#readers
      .map((reader, n) => `${reader.name} section ${String((this.#counts[n] as number) + 1)}`)
      .join(', ');
  }

  get label(): string {
    return this.name;
  }

  get stateName(): string {
    return this.name;
  }
}
