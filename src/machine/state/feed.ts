// A thread that is brought back: its generator is made anew and fed the results of the steps that it has taken, so that
// its path comes to where it was. Nothing else happens meanwhile, and nobody hears of it.
import { ModelError } from '../errors.js';
import { generatorOf } from '../generator-of.js';
import type { Actor } from '../actor.js';
import type { Feed } from '../op.js';
import type { Thread } from '../thread.js';

/** @throws ModelError for a path that does not come to the step before which it stood */
export function feedAgain(thread: Thread, feed: Feed): void {
  const { op } = thread;
  const { machine } = op;
  const pending = op.setAside();
  if (thread.calls !== undefined) thread.calls.depth = 0;
  machine.feed = feed;
  machine.muted = machine.priming = true;
  try {
    thread.generator = generatorOf(thread, machine.actors[thread.index] as Actor, machine.actors);
    const step = thread.generator.next();
    const isThere = op.primitive === pending.primitive && op.subject === pending.subject;
    if (step.done === true || step.value !== op || !isThere) {
      throw new ModelError(
        `${thread.name} does not come to the same step again: its path depends on more than it has seen`,
      );
    }
  } finally {
    machine.feed = undefined;
    machine.muted = machine.priming = false;
  }
  op.putBack(pending);
}
