// A bare generator loop for any program: every step suspends its generator, the next thread is an xorshift pick, and
// nothing is recorded. What the execution loop gains over this is what deciding inline is worth.
import type { Machine, Path } from 'racewalk';

export class BareHost {
  readonly #machine: Machine;
  #random = 88675123;

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.host = this;
  }

  goOn(): boolean {
    return false;
  }

  draw(): number {
    return 0;
  }

  run(): void {
    const machine = this.#machine;
    machine.host = this;
    machine.begin();
    const { runnable } = machine;
    while (runnable.count > 0 && !machine.halted) {
      const thread = machine.thread(runnable.at(this.#below(runnable.count)));
      const step = (thread.generator as Path<unknown>).next();
      if (step.done === true) machine.ended(thread, step.value);
    }
    if (!machine.halted) machine.finish();
  }

  #below(bound: number): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % bound;
  }
}
