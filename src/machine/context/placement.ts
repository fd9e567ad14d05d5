// Which CPU a thread is on: where its actor says, else a CPU of its own, or the next in turn where the number of
// CPUs is given. What an execution has placed or moved is taken away again when it is abandoned.
import type { Thread } from '../thread.js';
import { Processor } from './processor.js';

/** A thread that is on a CPU until the execution is over. */
interface Visit {
  readonly processor: Processor;
  readonly thread: number;
}

export class Placement {
  readonly processors: Processor[] = [];
  readonly #cpus: number | undefined;
  readonly #visits: Visit[] = [];
  /** All CPUs with a smaller number have somebody, or are kept for somebody. */
  #firstFree = 0;

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
      while (this.#isTaken(this.#firstFree)) this.#firstFree++;
      return this.#firstFree;
    }
    if (creator === undefined) return index % this.#cpus;
    return (creator.processor.id + ++creator.identity.childCount) % this.#cpus;
  }

  #isTaken(id: number): boolean {
    const processor = this.processors[id];
    return processor !== undefined && (processor.threads.length > 0 || processor.reserved);
  }

  /** A thread is on a CPU: in every execution, or until this one is over. */
  settle(processor: Processor, { index, role }: Thread, isVisit: boolean): void {
    (role === 'task' ? processor.threads : processor.handlers).push(index);
    if (isVisit) this.#visits.push({ processor, thread: index });
  }

  /** The same for one that comes from another CPU, and may have been here before. */
  visit(processor: Processor, thread: Thread): void {
    const here = thread.role === 'task' ? processor.threads : processor.handlers;
    if (!here.includes(thread.index)) this.settle(processor, thread, true);
  }

  /** The execution is over. */
  forgetVisits(): void {
    if (this.#visits.length === 0) return;
    for (let n = this.#visits.length - 1; n >= 0; n--) {
      const { processor, thread } = this.#visits[n] as Visit;
      processor.displace(thread);
      this.#firstFree = Math.min(this.#firstFree, processor.id);
    }
    this.#visits.length = 0;
  }
}
