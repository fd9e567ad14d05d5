// Drives a kernel through one execution, without a search: threads go on in the order of the actors, unless a
// schedule says otherwise.
import { Execution } from '../../scheduler/execution.js';
import type { Strategy, View } from '../../scheduler/strategy.js';
import type { Actor, Path, Verdict } from '../../src/machine/index.js';
import { Machine } from '../../src/machine/index.js';
import type { Cpu, For315, KernelClass, task_struct } from '../../src/kernel/index.js';

/** Goes on with the present thread, or the first that can. Allocations fail where `fails` says so. */
class GoOn implements Strategy {
  readonly name = 'go on';
  readonly #fails: (nth: number) => boolean;
  #view: View | undefined;
  #draws = 0;

  constructor(fails: (nth: number) => boolean) {
    this.#fails = fails;
  }

  beginBlock(): void {
    // Nothing here depends on blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.#draws = 0;
  }

  choose(current: number): number {
    const runnable = (this.#view as View).runnable;
    return runnable.has(current) ? current : runnable.preferred(current);
  }

  draw(): number {
    return this.#fails(this.#draws++) ? 1 : 0;
  }

  learn(): void {
    // Nothing to learn.
  }
}

/** A kernel on a machine of its own. */
export function boot<K extends For315>(Kernel: KernelClass<K>, faults = 0): K {
  return new Kernel(new Machine({ cpus: undefined, faults }));
}

/** An actor of a task. */
export function on(name: string, current: task_struct, path: (cpu: Cpu) => Path<unknown>): Actor {
  return { name, current, path, cpu: undefined };
}

/** Runs the actors once, each as far as it can go. */
export function run(
  k: For315,
  actors: readonly Actor[],
  fails: (nth: number) => boolean = () => false,
): Verdict {
  k.machine.arm(actors, []);
  return new Execution(k.machine, new GoOn(fails)).run();
}
