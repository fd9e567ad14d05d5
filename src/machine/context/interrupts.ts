// Interrupts as threads that borrow a CPU. A declared interrupt comes at most so many times, wherever it is enabled;
// it need not come at all. Its handler is atomic to its own CPU: nobody else runs there until it returns, except
// that a hard interrupt may come into a softirq. Not modelled: threaded handlers, and nesting of hard interrupts.
import type { Cpu } from '../cpu/cpu.js';
import { mustHoldNothing } from '../locks/leftovers.js';
import { type Operation, type Path, Primitive } from '../op.js';
import type { Thread } from '../thread.js';

/** What a thread is to its CPU. An `idle` one is none of the model's: a store buffer, the load balancer. */
export type ThreadRole = 'task' | 'hardirq' | 'softirq' | 'idle';

/** The interrupt comes. Enabled as Contexts.admits() says, as long as there is anybody whom it could disturb. */
export const FIRE = new Primitive({
  name: 'interrupt',
  idle: true,
  announce: (op) => {
    // The handler before it has just given up the CPU, and with it the right to run.
    if (op.machine.contexts.admits(op.slot)) op.machine.unblock(op);
    else op.machine.block(op);
  },
  isEnabled: (op) => !op.machine.isQuiet,
  act: (op) => {
    op.machine.contexts.enterHandler(op.slot);
  },
  narrate: () => '<Interrupt>',
});

/** The handler is over. No event: it returns with its last step. */
export const IRET = new Primitive({
  name: 'return from interrupt',
  act: (op) => {
    mustHoldNothing(op, op.slot, 'returns from its interrupt');
    op.machine.contexts.leaveHandler(op.slot);
  },
});

/** A thread that waits for its interrupt and handles it, `times` times. */
export function* handling(
  thread: Thread,
  path: (cpu: Cpu<never>) => Path<unknown>,
  times: number,
): Path {
  const step = thread.op as unknown as Path<Operation>;
  for (let n = 0; n < times; n++) {
    thread.op.make(FIRE, undefined);
    yield* step;
    yield* path(thread.cpu as Cpu<never>);
    thread.op.perform(IRET, undefined);
  }
}
