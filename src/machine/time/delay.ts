// How far away a timed event is, as strategies that keep time hear of it: nanoseconds of simulated time, which are
// nobody's measurement.
import { ModelError } from '../errors.js';
import type { Thread } from '../thread.js';

/** It falls due when it was armed to, as ThreadSet.renew() has told. */
export const AS_ARMED = -1;
/** Nothing says when it comes: an interrupt, the load balancer. */
export const AT_ANY_TIME = -2;

/** Simulated nanoseconds from its announcement until the thread's pending operation falls due, or one of the above. */
export function delayOf({ op }: Thread): number {
  if (!op.isPending) return 0;
  const { delay, idle } = op.primitive;
  if (delay !== undefined) return delay(op);
  return idle ? AT_ANY_TIME : 0;
}

/** @throws ModelError for what is no distance in time */
export function checkDelay(what: string, distance: number): void {
  if (Number.isSafeInteger(distance) && distance >= 0) return;
  throw new ModelError(
    `${what}(${String(distance)}): a distance in time is a whole number, 0 or more`,
  );
}
