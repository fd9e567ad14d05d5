// The operations on timers, each one event. Source of their meaning: kernel/time/timer.c and hrtimer.c; the names
// before v6.15 were del_timer() and del_timer_sync().
import { load, store } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { arm, disarm, isGone } from './expiry.js';
import { jiffy } from './sleep.js';
import type { Timer } from './timer.js';

const timerOf = (op: Operation): Timer => op.subject as Timer;

const narrate = (op: Operation): string => `${op.primitive.name}(${timerOf(op).label})`;

const narrateArming = (op: Operation): string => {
  const delay = (op.a as number) / (timerOf(op).kind === 'timer' ? jiffy : 1);
  return `${op.primitive.name}(${timerOf(op).label}, ${String(delay)})`;
};

/** An operation on a timer that is not freed. */
function onTimer(
  name: string,
  act: (op: Operation, timer: Timer) => unknown,
  more: Partial<ConstructorParameters<typeof Primitive>[0]> = {},
): Primitive {
  const whole = (op: Operation): unknown => (isGone(op) ? undefined : act(op, timerOf(op)));
  return new Primitive({ narrate, ...more, name, act: whole });
}

const arming = { signal: 'signals', narrate: narrateArming } as const;

/** Arms it anew, whatever it was; returns whether it was pending. Nothing after timer_shutdown(). `a`: in how long. */
export const MOD_TIMER = onTimer('mod_timer', modTimer, arming);
export const HRTIMER_START = onTimer('hrtimer_start', modTimer, arming);

function modTimer(op: Operation, timer: Timer): boolean {
  const wasPending = load(timer.isArmed);
  if (load(timer.isSetUp)) arm(op, timer, op.a as number);
  return wasPending;
}

/** The same for a timer that is not pending: a warning where it is (a BUG before v6.2). */
export const ADD_TIMER = onTimer(
  'add_timer',
  (op, timer) => {
    if (load(timer.isArmed))
      op.machine.warn(op.thread, `WARNING: add_timer(${timer.name}): it is pending`);
    else modTimer(op, timer);
  },
  arming,
);

export const TIMER_PENDING = onTimer('timer_pending', (_, timer) => load(timer.isArmed), {
  effect: 'reads',
});

/** Disarms it; returns whether it was pending. Its function may still be running. */
const deleting = (op: Operation, timer: Timer): boolean => disarm(op, timer);

export const TIMER_DELETE = onTimer('timer_delete', deleting);
export const DEL_TIMER = onTimer('del_timer', deleting);

/** The same without waiting: -1 where its function is running, else whether it was pending, as a number. */
const trying = (op: Operation, timer: Timer): number =>
  load(timer.isRunning) ? -1 : Number(disarm(op, timer));

export const HRTIMER_TRY_TO_CANCEL = onTimer('hrtimer_try_to_cancel', trying);

/** For whoever waits for the end of the function; waiting spins, so it may be done where one may not sleep. */
const waiting = {
  announce: (op: Operation) => {
    if (!canDelete(op)) op.machine.blockOnLock(op);
  },
  park: (op: Operation) => {
    timerOf(op).parked.add(op.thread);
  },
  forget: (op: Operation) => {
    timerOf(op).parked.remove(op.thread);
  },
  isEnabled: canDelete,
  blockers: (op: Operation, visit: (thread: number) => void) => {
    const handler = load(timerOf(op).handler);
    if (handler !== null && !canDelete(op)) visit(handler.index);
  },
  follows: (op: Operation) => load(timerOf(op).handler)?.index,
} as const;

function canDelete(op: Operation): boolean {
  return !load(timerOf(op).isRunning);
}

function deletingSync(op: Operation, timer: Timer): boolean {
  timer.parked.remove(op.thread);
  return disarm(op, timer);
}

/** Disarms it once its function is not running; returns whether it was pending. */
export const TIMER_DELETE_SYNC = onTimer('timer_delete_sync', deletingSync, waiting);
export const DEL_TIMER_SYNC = onTimer('del_timer_sync', deletingSync, waiting);
export const HRTIMER_CANCEL = onTimer('hrtimer_cancel', deletingSync, waiting);

/** The same, and nobody can arm it any more (from v6.2 on). */
export const TIMER_SHUTDOWN_SYNC = onTimer(
  'timer_shutdown_sync',
  (op, timer) => {
    store(timer.isSetUp, false, op.machine.journal);
    return deletingSync(op, timer);
  },
  waiting,
);
