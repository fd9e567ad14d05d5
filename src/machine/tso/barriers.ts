// Full memory barriers as primitives. Neither is a plain access, so each waits for the CPU's stores to be visible.
import { MARKED_WRITE } from '../races/access.js';
import { Primitive, WRITE } from '../op.js';

export const SMP_MB = new Primitive({
  name: 'smp_mb',
  effect: 'reads',
  act: () => undefined,
  narrate: () => 'smp_mb()',
});

/** WRITE_ONCE() and smp_mb() in one, by xchg. */
export const SMP_STORE_MB = new Primitive({
  name: 'smp_store_mb',
  access: { ...MARKED_WRITE, order: 'full' },
  plain: false,
  act: WRITE.act,
});
