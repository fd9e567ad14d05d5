// What can still be asked of a machine that leaves a lock out. A property that holds whenever nobody has the lock would look
// into the middle of what was a critical section, and break at once: that says nothing about the lock.
import type { Property } from '../property.js';
import type { Drop } from './drop.js';

/** The properties without the looks that wait for a lock which somebody does not take. */
export function stillMeant(
  properties: readonly Property[],
  drops: readonly Drop[],
): readonly Property[] {
  const locks = new Set(drops.flatMap((drop) => (drop.kind === 'lock' ? [drop.lock] : [])));
  if (locks.size === 0) return properties;
  return properties.map((property) => ({
    ...property,
    rules: property.rules.filter(
      ({ moment }) => moment.kind !== 'whenever free' || !locks.has(moment.lock.lockClass),
    ),
  }));
}
