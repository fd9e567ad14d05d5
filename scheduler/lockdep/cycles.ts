// Finds the cycles of the class graph in which every dependency makes the next one wait: lockdep's strong cycles
// (Documentation/locking/lockdep-design.rst, "Recursive read locks"). A read that nests waits only for a writer, so
// it must not be followed by a dependency of one who holds the lock for reading.
import { limits } from '../../src/limits.js';
import type { Dependency } from './graph.js';

export type Cycle = readonly Dependency[];

/** The shortest first; no cycle whose classes include all those of a shorter one. */
export function findCycles(dependencies: readonly Dependency[]): Cycle[] {
  return new CycleSearch(dependencies).run();
}

/** Whether the second of two dependencies makes the first one wait. */
function makesWait(before: Dependency, after: Dependency): boolean {
  return !(before.nests && after.held === 'read');
}

/** Looks for cycles of one length after the other, each from its class that was seen first. */
class CycleSearch {
  readonly #found: Cycle[] = [];
  readonly #classes: readonly string[];
  readonly #rank = new Map<string, number>();
  readonly #from = new Map<string, Dependency[]>();
  #visits = 0;

  constructor(dependencies: readonly Dependency[]) {
    this.#classes = [...new Set(dependencies.flatMap(({ from, to }) => [from, to]))];
    this.#classes.forEach((name, rank) => this.#rank.set(name, rank));
    for (const dependency of dependencies) {
      const list = this.#from.get(dependency.from);
      if (list === undefined) this.#from.set(dependency.from, [dependency]);
      else list.push(dependency);
    }
  }

  run(): Cycle[] {
    for (let length = 1; length <= this.#classes.length && !this.#isEnough; length++) {
      for (const start of this.#classes) this.#extend(start, start, length, []);
    }
    return this.#found;
  }

  get #isEnough(): boolean {
    const { lockCyclesMax, lockCycleVisitsMax } = limits;
    return this.#found.length >= lockCyclesMax || this.#visits >= lockCycleVisitsMax;
  }

  /** Goes on from `at` along a path that began at `start`, up to `length` dependencies. */
  #extend(start: string, at: string, length: number, path: Dependency[]): void {
    if (this.#isEnough) return;
    this.#visits++;
    for (const next of this.#from.get(at) ?? []) {
      const last = path.at(-1);
      if (last !== undefined && !makesWait(last, next)) continue;
      if (path.length + 1 === length) {
        if (next.to === start) this.#close([...path, next]);
      } else if (this.#isNew(next.to, start, path)) {
        this.#extend(start, next.to, length, [...path, next]);
      }
    }
  }

  /** Each cycle is looked for from its lowest class only, and passes each class once. */
  #isNew(to: string, start: string, path: readonly Dependency[]): boolean {
    const isHigher = (this.#rank.get(to) ?? 0) > (this.#rank.get(start) ?? 0);
    return isHigher && path.every((dependency) => dependency.to !== to);
  }

  #close(cycle: readonly Dependency[]): void {
    const [first, last] = [cycle[0], cycle.at(-1)];
    if (first === undefined || last === undefined || !makesWait(last, first)) return;
    const classes = new Set(cycle.map(({ from }) => from));
    const includesAll = (other: Cycle): boolean => other.every(({ from }) => classes.has(from));
    if (!this.#found.some(includesAll)) this.#found.push(cycle);
  }
}
