// Which CPU a thread is on: where its actor says, else a CPU of its own, or the next in turn where the number of
// CPUs is given. What an execution has placed or moved is taken away again when it is abandoned.
import type { Thread } from '../thread.js';
import { Processor } from './processor.js';

export class Placement {
  readonly processors: Processor[] = [];
  readonly #cpus: number | undefined;
  readonly #visits: { readonly processor: Processor; readonly thread: number }[] = [];

  /** @param cpus the number of CPUs; undefined for one per thread */
  constructor(cpus: number | undefined) {
    this.#cpus = cpus;
  }

  /** The CPU of a number, made when it is first asked for. */
  processor(id: number): Processor {
    while (this.processors.length <= id) {
      this.processors.push(new Processor(this.processors.length));
    }
    return this.processors[id] as Processor;
  }

  /**
   * Where a thread goes that is not placed: to the first CPU without any, or to the next in turn; for a spawned thread
   * that follows from its creator, so that it is the same in every interleaving.
   */
  next(index: number, creator: Thread | undefined): number {
    if (this.#cpus === undefined) {
      const free = this.processors.findIndex((cpu) => cpu.threads.length === 0 && !cpu.reserved);
      return free >= 0 ? free : this.processors.length;
    }
    if (creator === undefined) return index % this.#cpus;
    return (creator.processor.id + creator.identity.childCount) % this.#cpus;
  }

  /** A thread comes to a CPU until this execution is over. */
  visit(processor: Processor, thread: number): void {
    if (processor.threads.includes(thread)) return;
    processor.threads.push(thread);
    this.#visits.push({ processor, thread });
  }

  /** The same for an interrupt. */
  visitAsHandler(processor: Processor, thread: number): void {
    processor.handlers.push(thread);
    this.#visits.push({ processor, thread });
  }

  /** The execution is over. */
  forgetVisits(): void {
    for (const { processor, thread } of this.#visits) processor.displace(thread);
    this.#visits.length = 0;
  }
}
