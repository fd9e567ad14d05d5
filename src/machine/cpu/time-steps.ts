// Time and timers. There is no way to read a clock: what a path does must follow from who went when, so that a
// schedule can be replayed without clocks.
import type { Step } from '../op.js';
import { checkDelay } from '../time/delay.js';
import * as sleep from '../time/sleep.js';
import { PercpuRefSteps } from './percpu-ref-steps.js';
import * as timers from '../time/timer-primitives.js';
import type { Hrtimer, TimerList } from '../time/timer.js';

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

  // --- Timers -----------------------------------------------------------------------------------------------

  /** Has the timer run in so many jiffies, on this CPU; C has `jiffies + delay`. Returns whether it was pending. */
  mod_timer(timer: TimerList, delay: number): Step<boolean> {
    checkDelay('mod_timer', delay);
    return this.op.make(timers.MOD_TIMER, timer, delay * sleep.jiffy) as Step<boolean>;
  }

  /** The same for a timer that is not pending: a warning where it is. */
  add_timer(timer: TimerList, delay: number): Step<void> {
    checkDelay('add_timer', delay);
    return this.op.make(timers.ADD_TIMER, timer, delay * sleep.jiffy) as Step<void>;
  }

  timer_pending(timer: TimerList): Step<boolean> {
    return this.op.make(timers.TIMER_PENDING, timer) as Step<boolean>;
  }

  /** Disarms it, although its function may be running; returns whether it was pending. */
  timer_delete(timer: TimerList): Step<boolean> {
    return this.op.make(timers.TIMER_DELETE, timer) as Step<boolean>;
  }

  /** timer_delete() before v6.15. */
  del_timer(timer: TimerList): Step<boolean> {
    return this.op.make(timers.DEL_TIMER, timer) as Step<boolean>;
  }

  /** Disarms it once its function is not running; returns whether it was pending. It spins, and never sleeps. */
  timer_delete_sync(timer: TimerList): Step<boolean> {
    return this.op.make(timers.TIMER_DELETE_SYNC, timer) as Step<boolean>;
  }

  /** timer_delete_sync() before v6.15. */
  del_timer_sync(timer: TimerList): Step<boolean> {
    return this.op.make(timers.DEL_TIMER_SYNC, timer) as Step<boolean>;
  }

  /** The same, and nobody can arm it any more. */
  timer_shutdown_sync(timer: TimerList): Step<boolean> {
    return this.op.make(timers.TIMER_SHUTDOWN_SYNC, timer) as Step<boolean>;
  }

  /** Has the timer run in so many simulated nanoseconds, as a hard interrupt of this CPU. */
  hrtimer_start(timer: Hrtimer, nanoseconds: number): Step<void> {
    checkDelay('hrtimer_start', nanoseconds);
    return this.op.make(timers.HRTIMER_START, timer, nanoseconds) as Step<void>;
  }

  /** Disarms it once its function is not running; returns whether it was pending. */
  hrtimer_cancel(timer: Hrtimer): Step<boolean> {
    return this.op.make(timers.HRTIMER_CANCEL, timer) as Step<boolean>;
  }

  /** Never waits: -1 where its function is running, 1 where it was pending, else 0. */
  hrtimer_try_to_cancel(timer: Hrtimer): Step<number> {
    return this.op.make(timers.HRTIMER_TRY_TO_CANCEL, timer) as Step<number>;
  }
}
