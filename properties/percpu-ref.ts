// What a percpu_ref promises when it is killed: I-33.
import { broken, monitor, onEvent, type PercpuRef, type Property } from '../src/machine/index.js';

/** What has happened to the reference counter so far. */
interface Fate {
  readonly confirmed: boolean;
  readonly released: boolean;
}

/**
 * I-33: after the kill is confirmed no percpu_ref_tryget_live() succeeds, and the release callback runs once, after
 * the confirmation.
 */
export function killIsFinal(ref: PercpuRef): Property {
  const start: Fate = { confirmed: false, released: false };
  return monitor(
    `I-33 ${ref.name} is dead once its kill is confirmed, and released once`,
    start,
    onEvent(ref.killConfirmed, (fate: Fate) =>
      fate.confirmed ? broken('its kill is confirmed twice') : { ...fate, confirmed: true },
    ),
    onEvent(ref.takenAlive, (fate: Fate) =>
      fate.confirmed ? broken('a live reference was taken after the confirmation') : fate,
    ),
    onEvent(ref.released, (fate: Fate) => {
      if (fate.released) return broken('it is released twice');
      return fate.confirmed ? { ...fate, released: true } : broken('it is released unconfirmed');
    }),
  );
}
