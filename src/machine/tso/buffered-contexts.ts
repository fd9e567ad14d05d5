// Who may use a CPU of a TSO machine: in addition to preemption and interrupts, the store buffers have a say.
import { Contexts } from '../context/contexts.js';
import type { Machine } from '../machine.js';
import type { Thread } from '../thread.js';
import type { StoreBuffers } from './store-buffers.js';

export class BufferedContexts extends Contexts {
  readonly #buffers: StoreBuffers;

  constructor(machine: Machine, buffers: StoreBuffers) {
    super(machine);
    this.#buffers = buffers;
  }

  override admits(thread: Thread): boolean {
    return super.admits(thread) && this.#buffers.admit(thread);
  }
}
