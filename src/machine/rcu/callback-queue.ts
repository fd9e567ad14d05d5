// The callbacks that were queued by call_rcu() and have not returned, in the order of queueing.
import type { Named } from '../names.js';
import type { Thread } from '../thread.js';

/** Immutable, so that a cell can hold it. */
export class Callbacks implements Named {
  static readonly none = new Callbacks([]);
  readonly threads: readonly Thread[];

  constructor(threads: readonly Thread[]) {
    this.threads = threads;
  }

  with(callback: Thread): Callbacks {
    return new Callbacks([...this.threads, callback]);
  }

  without(callback: Thread): Callbacks {
    return new Callbacks(this.threads.filter((thread) => thread !== callback));
  }

  /** The callback that must return first: the last one before it that was queued on the same CPU. */
  before(callback: Thread): Thread | undefined {
    let found: Thread | undefined;
    for (const thread of this.threads) {
      if (thread === callback) return found;
      if (thread.processor === callback.processor) found = thread;
    }
    return undefined;
  }

  get name(): string {
    return this.threads.map((thread) => thread.name).join(', ');
  }

  get label(): string {
    return this.name;
  }

  get stateName(): string {
    return this.name;
  }
}
