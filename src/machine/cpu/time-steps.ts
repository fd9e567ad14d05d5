// Time and timers. There is no way to read a clock: what a path does must follow from who went when, so that a
// schedule can be replayed without clocks.
import type { Step } from '../op.js';
import { checkDelay } from '../time/delay.js';
import * as sleep from '../time/sleep.js';
import { PercpuRefSteps } from './percpu-ref-steps.js';

export abstract class TimeSteps<out Task> extends PercpuRefSteps<Task> {
  /** Sleeps for some simulated nanoseconds: for plain discrete-event models. One event, when the time is over. */
  timeout(nanoseconds: number): Step<void> {
    checkDelay('timeout', nanoseconds);
    return this.op.make(sleep.TIMEOUT, undefined, nanoseconds) as Step<void>;
  }

  /** Sleeps for some simulated milliseconds; nothing wakes it earlier. One event, when the time is over. */
  msleep(milliseconds: number): Step<void> {
    checkDelay('msleep', milliseconds);
    return this.op.make(sleep.MSLEEP, undefined, milliseconds * sleep.millisecond) as Step<void>;
  }

  /** Keeps the CPU busy for some simulated microseconds. One event, when the time is over. */
  udelay(microseconds: number): Step<void> {
    checkDelay('udelay', microseconds);
    return this.op.make(sleep.UDELAY, undefined, microseconds * sleep.microsecond) as Step<void>;
  }
}
