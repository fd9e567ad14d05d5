// Which earlier steps each step is in a race with: those of other threads that it depends on, and whose place it could
// have taken, nothing in between ordering the two.
import { grown } from './arrays.js';
import type { Enabling } from './enabling.js';
import { conflict, WRITES } from './footprints.js';
import type { Steps } from './steps.js';

export class Races {
  /** By step: where its races begin. */
  #starts = new Int32Array(64);
  /** The earlier steps, those of one step in a row; after one, as ~step, those that must be undone with it. */
  #all = new Int32Array(64);
  #length = 0;
  readonly #steps: Steps;
  readonly #enabling: Enabling;
  /** The earlier steps that the present one depends on, the last one first. */
  readonly #candidates: number[] = [];

  constructor(steps: Steps, enabling: Enabling) {
    this.#steps = steps;
    this.#enabling = enabling;
  }

  firstOf(step: number): number {
    return this.#starts[step] as number;
  }

  endOf(step: number, steps: number): number {
    return step + 1 < steps ? (this.#starts[step + 1] as number) : this.#length;
  }

  /** The earlier step of a race, or ~step for one that is to be undone along with that of the race before. */
  at(race: number): number {
    return this.#all[race] as number;
  }

  /** The first of the steps that are to be undone besides: as many as follow it, as ~step. */
  extrasOf(race: number, end: number): readonly number[] {
    const extras: number[] = [];
    for (let n = race + 1; n < end && this.at(n) < 0; n++) extras.push(~this.at(n));
    return extras;
  }

  /** Forgets the races of this step and of all after it. */
  truncate(step: number): void {
    this.#length = this.#starts[step] as number;
  }

  /** Finds the races of the last step, which has just been taken, or never will be; its clock comes to be right. */
  find(): void {
    const { order, count } = this.#steps;
    const step = count - 1;
    if (step >= this.#starts.length) this.#starts = grown(this.#starts, step + 1);
    this.#starts[step] = this.#length;
    this.#collect(step);
    for (const other of this.#candidates) {
      // Something else comes between the two.
      if (order.isBefore(other, step)) continue;
      if (!this.#enabling.isPossibleWithout(other, step)) continue;
      this.#add(other);
      for (const extra of this.#enabling.alsoWithout) this.#add(~extra);
      order.join(step, other);
    }
    for (const other of this.#candidates) order.join(step, other);
    order.commit(step);
  }

  #add(step: number): void {
    if (this.#length === this.#all.length) this.#all = grown(this.#all, this.#length + 1);
    this.#all[this.#length++] = step;
  }

  #collect(step: number): void {
    const { order, footprints } = this.#steps;
    const { kinds, steps, earlier } = footprints;
    const { isConditional } = this.#enabling;
    this.#candidates.length = 0;
    const end = this.#steps.endOfEntries(step);
    for (let mine = this.#steps.firstEntry(step); mine < end; mine++) {
      const kind = kinds[mine] as number;
      for (let at = earlier[mine] as number; at >= 0; at = earlier[at] as number) {
        const other = steps[at] as number;
        if (!conflict(kind, kinds[at] as number)) continue;
        const isCovered = order.isBefore(other, step);
        if (!isCovered) this.#insert(other);
        // All that was done to the cell before this comes before it. Who had to wait may race with who made him wait.
        if (kinds[at] === WRITES && (isCovered || !isConditional)) break;
      }
    }
  }

  /** Keeps the candidates in descending order. */
  #insert(step: number): void {
    const all = this.#candidates;
    let n = all.length;
    while (n > 0 && (all[n - 1] as number) < step) n--;
    if (n > 0 && all[n - 1] === step) return;
    all.splice(n, 0, step);
  }
}
