// What a thread runs: its path, or, for an interrupt or the load balancer, a loop around it.
import type { Actor, Primed } from './actor.js';
import { handling } from './context/interrupts.js';
import { balancing } from './context/migration.js';
import type { Cpu } from './cpu/cpu.js';
import { ModelError } from './errors.js';
import type { Path } from './op.js';
import type { Thread } from './thread.js';

/** @throws ModelError where a load balancer is to move an actor that there is not */
export function generatorOf(
  thread: Thread,
  { path, cpu, interrupt, balance }: Primed,
  actors: readonly Actor[],
): Path<unknown> {
  const own = (its: Cpu<never>): Path<unknown> => path(its, thread);
  if (interrupt !== undefined) return handling(thread, own, interrupt.times);
  if (balance === undefined) return path(thread.cpu as Cpu<never>, thread);
  const moved = actors.findIndex(({ name }) => name === balance.actor);
  if (moved < 0) {
    throw new ModelError(`${thread.name} moves "${balance.actor}", but there is no such actor`);
  }
  return balancing(thread, thread.op.machine.thread(moved), cpu ?? 0, balance.times);
}
