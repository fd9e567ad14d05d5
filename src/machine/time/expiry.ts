// A timer is armed, expires and is disarmed: what the operations on timers are made of. An armed timer may expire at any
// moment at which its interrupt could come, as nothing bounds how late it is; only `timed` looks at how far away it is.
import { type Cell, load, poison, store } from '../cell.js';
import type { Machine } from '../machine.js';
import { type Operation, type Path, Primitive } from '../op.js';
import { type Thread, ThreadIdentity } from '../thread.js';
import { AS_ARMED } from './delay.js';
import type { Timer } from './timer.js';

const timerOf = (op: Operation): Timer => op.subject as Timer;

/** It will run, on the CPU of the thread that arms it, unless its function is running on another one. */
export function arm(op: Operation, timer: Timer, delay: number): void {
  const { machine, slot } = op;
  const { journal } = machine;
  const { serves } = slot;
  store(timer.isArmed, true, journal);
  store(timer.delay, delay, journal);
  store(timer.rearms, serves === undefined ? 0 : load(serves.rearms) + 1, journal);
  let handler = load(timer.handler);
  if (handler === null) {
    handler = machine.spawn(slot, requestOf(timer, slot));
    store(timer.handler, handler, journal);
  } else if (!load(timer.isRunning) && handler.processor !== slot.processor) {
    machine.moveTo(slot.processor, handler);
  }
  if (!load(timer.isRunning) && handler.op.isEnabled) machine.unblock(handler.op);
  machine.runnable.renew(handler.index, delay);
}

function requestOf(timer: Timer, armer: Thread): Parameters<Machine['spawn']>[1] {
  timer.identity ??= new ThreadIdentity(timer.name, true);
  return {
    name: timer.name,
    identity: timer.identity,
    path: (_, thread) => expiring(thread, timer),
    current: undefined,
    role: timer.kind === 'timer' ? 'softirq' : 'hardirq',
    cpu: armer.processor.id,
  };
}

/** It will not run; returns whether it would have. */
export function disarm(op: Operation, timer: Timer): boolean {
  if (!load(timer.isArmed)) return false;
  store(timer.isArmed, false, op.machine.journal);
  const handler = load(timer.handler);
  if (handler !== null && !load(timer.isRunning)) op.machine.block(handler.op);
  return true;
}

/** True, and the thread stopped, if the object that the timer is part of was freed. */
export function isGone(op: Operation): boolean {
  const { isSetUp } = timerOf(op);
  if ((load(isSetUp) as unknown) !== poison) return false;
  op.machine.useAfterFree(op, isSetUp as Cell<unknown>);
  return true;
}

/** Once every task has ended, only what a task has armed still runs. */
function mayExpire(op: Operation): boolean {
  const timer = timerOf(op);
  if (!load(timer.isArmed)) return false;
  const rearms = load(timer.rearms);
  return rearms === 0 || (rearms <= timer.rearmsMax && !op.machine.isQuiet);
}

/** The timer's interrupt comes. */
const EXPIRE = new Primitive({
  name: 'interrupt',
  idle: true,
  forgets: true,
  signal: 'waits',
  announce: (op) => {
    // Its function has just given up the CPU, and the timer may have been armed anew meanwhile.
    if (mayExpire(op) && op.machine.contexts.admits(op.slot)) op.machine.unblock(op);
    else op.machine.block(op);
  },
  isEnabled: mayExpire,
  act: (op) => {
    const timer = timerOf(op);
    const { machine, slot } = op;
    if (isGone(op)) return;
    store(timer.isArmed, false, machine.journal);
    store(timer.isRunning, true, machine.journal);
    machine.runnable.removeAll(timer.parked);
    machine.contexts.enterHandler(slot);
  },
  delay: () => AS_ARMED,
  narrate: () => '<Interrupt>',
});

/** Its function has returned `a`. No event: that is part of its last step. */
const EXPIRED = new Primitive({
  name: 'return from timer',
  act: (op) => {
    const timer = timerOf(op);
    const { machine, slot, a } = op;
    store(timer.isRunning, false, machine.journal);
    machine.contexts.leaveHandler(slot);
    if (a === 'HRTIMER_RESTART' && timer.kind === 'hrtimer') arm(op, timer, load(timer.delay));
    if (timer.parked.count > 0) machine.unblockAll(timer.parked);
  },
});

/** The interrupt of a timer: it waits until it comes, runs the function, and waits again. */
function* expiring(thread: Thread, timer: Timer): Path {
  const step = thread.op as unknown as Path<Operation>;
  thread.serves = timer;
  for (;;) {
    thread.op.make(EXPIRE, timer);
    yield* step;
    const result = yield* timer.run(thread.cpu);
    thread.op.perform(EXPIRED, timer, result);
  }
}
