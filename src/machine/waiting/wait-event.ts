// wait_event(): the macro as the path that it is, so that the window between looking and sleeping is there. What it
// leaves out: timeouts (a waiter that gives up hides a lost wake-up) and interruption by signals.
import type { Cpu } from '../cpu/cpu.js';
import { path } from '../frames.js';
import type { Named } from '../names.js';
import { type Path, Primitive, type Step } from '../op.js';
import type { WaitQueue } from './wait-queue.js';

/** Looks, by steps, whether what is waited for has come. */
export type Condition = (cpu: Cpu<never>) => Step<boolean>;

/** The condition as an argument that has a name in traces. */
export class Awaited implements Named {
  readonly name = 'condition';
  readonly label = 'condition';
  readonly holds: Condition;

  constructor(holds: Condition) {
    this.holds = holds;
  }
}

/** might_sleep() under the macro's name; no event. */
function mayWait(name: string): Primitive {
  return new Primitive({
    name,
    act: (op) => {
      op.machine.contexts.mightSleep(op);
    },
  });
}

export const MAY_WAIT = mayWait('wait_event');
export const MAY_WAIT_EXCLUSIVE = mayWait('wait_event_exclusive');

/** ___wait_event() of include/linux/wait.h */
function* waitEvent(cpu: Cpu, queue: WaitQueue, awaited: Awaited, exclusive: boolean): Path {
  if (yield* awaited.holds(cpu as Cpu<never>)) return;
  for (;;) {
    yield* exclusive ? cpu.prepare_to_wait_exclusive(queue) : cpu.prepare_to_wait(queue);
    if (yield* awaited.holds(cpu as Cpu<never>)) break;
    yield* cpu.scheduleFor(awaited);
  }
  yield* cpu.finish_wait(queue);
}

export const waitEventNormally = path('wait_event', waitEvent);
export const waitEventExclusively = path('wait_event_exclusive', waitEvent);
