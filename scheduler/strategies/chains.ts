// Puts the operations of an execution into chains while they come: each one is causally after all that stand before it
// in its chain. Threads that follow each other share chains then, and there are as many chains as the program is wide, not
// as many as it has threads. On-line, no more than w(w+1)/2 chains are needed for operations of which at most w are
// unordered: Agarwal and Garg, "Efficient dependency tracking for relevant events in concurrent systems" (2007), from
// whom the sets below are: the i-th has at most i chains, and no two of its last operations are in causal order.
import { limits } from '../../src/limits.js';

/** Nothing of the chain came before. */
const NOTHING = 0;

export class Chains {
  /** How many chains there are. */
  count = 0;
  /** By chain: how many operations it has. */
  readonly #lengths: number[] = [];
  /** By thread and chain: the last place of the chain that comes before the thread's next operation. */
  readonly #before: number[][] = [];
  /** The sets, smallest first, each with the chains in it; `setCount` are in use. */
  readonly #sets: number[][] = [];
  #setCount = 0;
  #threads = 0;

  restart(): void {
    for (let set = 0; set < this.#setCount; set++) (this.#sets[set] as number[]).length = 0;
    this.count = this.#setCount = this.#threads = 0;
  }

  /** A thread begins; what its creator has done so far comes before it. */
  admit(creator: number): void {
    const thread = this.#threads++;
    const row = (this.#before[thread] ??= []);
    for (let chain = 0; chain < this.count; chain++) row[chain] = NOTHING;
    if (creator >= 0) this.follow(thread, creator);
  }

  /** All that another thread has done so far comes before the next operation of this one. */
  follow(thread: number, other: number): void {
    const row = this.#before[thread] as number[];
    const before = this.#before[other] as number[];
    for (let chain = 0; chain < this.count; chain++) {
      if ((before[chain] as number) > (row[chain] as number)) row[chain] = before[chain] as number;
    }
  }

  /** Puts the thread's next operation into a chain, and returns that; it may be a new one, the highest. */
  append(thread: number): number {
    for (let set = 0; ; set++) {
      if (set === this.#setCount) this.#addSet();
      const chains = this.#sets[set] as number[];
      const at = this.#fitting(chains, 0, thread);
      if (at >= 0) {
        const chain = chains[at] as number;
        const ordersOthers = this.#fitting(chains, at + 1, thread) >= 0;
        // It is unordered with all that the set before ends in, or it would have fitted there.
        if (ordersOthers) this.#exchange(set, at);
        return this.#lengthen(chain, thread);
      }
      if (chains.length <= set) {
        if (this.count === limits.chainsMax) return this.#lengthen(this.count - 1, thread);
        chains.push(this.#addChain());
        return this.#lengthen(this.count - 1, thread);
      }
    }
  }

  /** The first place of a set, from one on, whose chain ends in what comes before the thread's next operation, or -1. */
  #fitting(chains: readonly number[], from: number, thread: number): number {
    const row = this.#before[thread] as number[];
    for (let at = from; at < chains.length; at++) {
      const chain = chains[at] as number;
      if (row[chain] === this.#lengths[chain]) return at;
    }
    return -1;
  }

  /** The chain goes down to the chains of the set before, and the other chains of its set become that one. */
  #exchange(set: number, at: number): void {
    const [larger, smaller] = [this.#sets[set] as number[], this.#sets[set - 1] as number[]];
    smaller.push(larger[at] as number);
    larger[at] = larger[larger.length - 1] as number;
    larger.length--;
    this.#sets[set] = smaller;
    this.#sets[set - 1] = larger;
  }

  #lengthen(chain: number, thread: number): number {
    const length = (this.#lengths[chain] as number) + 1;
    this.#lengths[chain] = length;
    (this.#before[thread] as number[])[chain] = length;
    return chain;
  }

  #addChain(): number {
    const chain = this.count++;
    this.#lengths[chain] = 0;
    for (let thread = 0; thread < this.#threads; thread++) {
      (this.#before[thread] as number[])[chain] = NOTHING;
    }
    return chain;
  }

  #addSet(): void {
    if (this.#sets[this.#setCount] === undefined) this.#sets.push([]);
    this.#setCount++;
  }
}
