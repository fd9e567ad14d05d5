// What each step of an execution read and changed, by cell: to say what two operations conflict about.
import type { AccessListener, Cell, Machine } from '../../src/machine/index.js';
import type { StepListener } from './drive.js';

/** Cells by name, with the way they read for people. */
export interface Footprint {
  readonly reads: ReadonlyMap<string, string>;
  readonly writes: ReadonlyMap<string, string>;
}

export class Footprints implements AccessListener, StepListener {
  readonly steps: Footprint[] = [];
  #reads = new Map<string, string>();
  #writes = new Map<string, string>();

  constructor(machine: Machine) {
    machine.listen(this);
  }

  begin(): void {
    this.steps.length = 0;
    this.#reads = new Map<string, string>();
    this.#writes = new Map<string, string>();
  }

  read(cell: Cell<unknown>): void {
    this.#reads.set(cell.name, cell.label);
  }

  wrote(cell: Cell<unknown>): void {
    this.#writes.set(cell.name, cell.label);
  }

  over(): void {
    this.steps.push({ reads: this.#reads, writes: this.#writes });
    this.#reads = new Map<string, string>();
    this.#writes = new Map<string, string>();
  }

  drew(): void {
    // A choice touches no cell.
  }

  /** Of the last step nobody asks for the next one. */
  end(): readonly Footprint[] {
    this.over();
    return this.steps;
  }
}

/** The cells that both touch, and not only to read, in the order of the first one's accesses. */
export function conflict(a: Footprint, b: Footprint): { name: string; label: string }[] {
  const cells = new Map<string, string>();
  for (const [name, label] of a.writes) {
    if (b.writes.has(name) || b.reads.has(name)) cells.set(name, label);
  }
  for (const [name, label] of a.reads) if (b.writes.has(name)) cells.set(name, label);
  return [...cells].map(([name, label]) => ({ name, label }));
}
