// Who has seen what somebody else had written, by accesses that order nothing: what people take for an order when
// they publish data by WRITE_ONCE() and look for it by READ_ONCE(). Only reports need it.
import type { Access } from './shadow.js';

export interface Handover {
  readonly write: Access;
  /** The primitive that read it. */
  readonly readBy: string;
}

/** The handovers of one execution. */
export class Handovers {
  readonly #seen = new Map<number, Map<number, Handover>>();

  /** The thread has read what the write left in a cell. */
  saw(thread: number, write: Access, readBy: string): void {
    let seen = this.#seen.get(thread);
    if (seen === undefined) this.#seen.set(thread, (seen = new Map<number, Handover>()));
    seen.set(write.thread, { write, readBy });
  }

  /** What the later thread has read that was written after the earlier access by its thread. */
  between(earlier: Access, later: Access): Handover | undefined {
    const found = this.#seen.get(later.thread)?.get(earlier.thread);
    return found !== undefined && found.write.step > earlier.step ? found : undefined;
  }
}
