// The pseudo-thread that moves one CPU's stores to memory, the oldest first, one per event. It is none of the model's
// threads: it preempts nobody. An execution is over when it has nothing left to move.
import { type Operation, type Path, Primitive } from '../op.js';
import type { Thread } from '../thread.js';
import type { BufferedStore, StoreBuffer } from './store-buffer.js';
import type { StoreBuffers } from './store-buffers.js';

const bufferOf = (op: Operation): StoreBuffer => op.subject as StoreBuffer;

/** The oldest store of buffer `subject` becomes visible; `a` is all buffers. */
export const DRAIN = new Primitive({
  name: 'drain',
  idle: true,
  forgets: true,
  announce: (op) => {
    if (bufferOf(op).isEmpty) op.machine.block(op);
  },
  isEnabled: (op) => !bufferOf(op).isEmpty,
  act: (op) => (op.a as StoreBuffers).drain(bufferOf(op)),
  narrate: (_, entry) => `${(entry as BufferedStore).label} becomes visible`,
});

/** Moves stores to memory for as long as there are any. */
export function* draining(drainer: Thread, buffer: StoreBuffer, all: StoreBuffers): Path {
  const step = drainer.op as unknown as Path<Operation>;
  for (;;) {
    drainer.op.make(DRAIN, buffer, all);
    yield* step;
  }
}
