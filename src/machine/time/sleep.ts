// Letting time pass. Strategies that explore ignore how long a sleep is: a thread that sleeps may go on at any moment
// after it fell asleep, because on a real machine nothing bounds how late it wakes. Only `timed` looks at distances.
import { type Operation, Primitive } from '../op.js';

/** Simulated nanoseconds in a millisecond. */
export const millisecond = 1_000_000;
/** Simulated nanoseconds in a microsecond. */
export const microsecond = 1_000;
/** Simulated nanoseconds in a jiffy: HZ is 1000. */
export const jiffy = millisecond;

/** Operation field `a`, in simulated nanoseconds. */
const nanoseconds = (op: Operation): number => op.a as number;

function sleeping(name: string, narrate: (op: Operation) => string): Primitive {
  return new Primitive({
    name,
    announce: (op) => {
      op.machine.contexts.mightSleep(op);
    },
    act: () => undefined,
    effect: 'reads',
    delay: nanoseconds,
    narrate,
  });
}

/** A timeout of a plain discrete-event model. */
export const TIMEOUT = sleeping('timeout', (op) => `timeout(${String(op.a)})`);

export const MSLEEP = sleeping(
  'msleep',
  (op) => `msleep(${String(nanoseconds(op) / millisecond)})`,
);

/** Busy waiting: it is allowed where sleeping is not. */
export const UDELAY = new Primitive({
  name: 'udelay',
  act: () => undefined,
  effect: 'reads',
  delay: nanoseconds,
  narrate: (op) => `udelay(${String(nanoseconds(op) / microsecond)})`,
});
