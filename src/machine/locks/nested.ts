// The forms that name a nesting level, for locks of one class that are taken inside each other in an order that the
// model knows: mutex_lock_nested(), spin_lock_nested(). They lock as the plain forms do; only lockdep cares.
import { type PrimitiveParts, Primitive } from '../op.js';

const made = new Map<Primitive, Primitive>();

/** The nested form of an acquisition: its argument `a` is the level. */
export function nested(plain: Primitive): Primitive {
  const known = made.get(plain);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(
    Object.entries(plain).filter(([, part]) => part !== undefined),
  ) as unknown as PrimitiveParts;
  const primitive = new Primitive({ ...parts, name: `${plain.name}_nested`, nests: true });
  made.set(plain, primitive);
  return primitive;
}
