// Why a cycle of lock dependencies cannot close, as far as the places where it was seen tell.
import type { OrderSighting } from '../../src/machine/index.js';
import type { Cycle } from './cycles.js';

/** Half a sentence, after "none deadlocks:". */
export function excuse(cycle: Cycle): string {
  const sightings = cycle.flatMap(({ seen }) => seen.map(({ sighting }) => sighting));
  const orders = sightings.filter((sighting) => sighting.kind === 'order');
  const gate = orders.length === sightings.length ? commonGate(orders) : undefined;
  if (gate !== undefined) return `${gate} is held around all of it`;
  const [first] = sightings;
  if (first !== undefined && sightings.every(({ thread }) => thread === first.thread)) {
    return `only ${first.thread} was seen to do it`;
  }
  return 'its threads never stand so at the same time';
}

/** A lock that was held for writing at every one of several places, and is none of the cycle's. */
function commonGate(orders: readonly OrderSighting[]): string | undefined {
  const [first, ...others] = orders;
  if (others.length === 0) return undefined;
  return first?.gates.find((gate) => others.every(({ gates }) => gates.includes(gate)));
}
