// A strategy that drives an execution into a cycle of lock dependencies: a thread that holds one lock of the cycle and
// stands before the next one is held back until nobody else can go on, and an interrupt is let come where it does
// harm. After Joshi, Park, Sen and Naik, "A randomized dynamic program analysis technique for detecting real
// deadlocks" (PLDI 2009); the places of the cycle are classes here, not lines of a program.
import type { Machine, Thread } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Strategy, View } from '../strategy.js';
import type { Cycle } from './cycles.js';

/** One decision in so many is left to chance alone, so that what is held back too early gets on. */
const freeIn = 8;

export class CloseIn implements Strategy {
  readonly name = 'lockdep';
  readonly #machine: Machine;
  readonly #cycle: Cycle;
  readonly #seed: string;
  #random: Random;
  #view: View | undefined = undefined;

  constructor(machine: Machine, cycle: Cycle, seed: string) {
    this.#machine = machine;
    this.#cycle = cycle;
    this.#seed = seed;
    this.#random = new Random(streamName(seed, 'lockdep', 0));
  }

  beginBlock(block: number): void {
    this.#random = new Random(streamName(this.#seed, 'lockdep', block));
  }

  begin(view: View): void {
    this.#view = view;
  }

  choose(): number {
    const runnable = (this.#view as View).runnable.sorted();
    const isFree = this.#random.below(freeIn) === 0;
    const harmful = isFree ? [] : runnable.filter((t) => this.#wouldHarm(this.#machine.thread(t)));
    const others = isFree ? [] : runnable.filter((t) => !this.#isPoised(this.#machine.thread(t)));
    const open = harmful.length > 0 ? harmful : others.length > 0 ? others : runnable;
    return open[this.#random.below(open.length)] as number;
  }

  draw(ways: number): number {
    return this.#random.below(freeIn) === 0 ? this.#random.below(ways) : 0;
  }

  learn(): void {
    // There is nothing to learn.
  }

  /** It holds a lock of the cycle and would take, or wait for, the next one now; or it waits for its interrupt. */
  #isPoised(thread: Thread): boolean {
    const { op } = thread;
    const { lockdep } = this.#machine;
    const wanted = lockdep.wantedBy(op);
    return this.#cycle.some(({ via, from, to }) => {
      if (!lockdep.isHeldBy(thread, from)) return false;
      if (via === 'hardirq' || via === 'softirq') return !op.primitive.idle;
      return wanted === to;
    });
  }

  /** An interrupt that has not come, on a CPU where somebody holds what it must not meet. */
  #wouldHarm({ role, isIdle, processor }: Thread): boolean {
    if (!isIdle || (role !== 'hardirq' && role !== 'softirq')) return false;
    const { lockdep } = this.#machine;
    return this.#cycle.some(
      ({ via, from }) =>
        via === role &&
        processor.threads.some((other) => lockdep.isHeldBy(this.#machine.thread(other), from)),
    );
  }
}
