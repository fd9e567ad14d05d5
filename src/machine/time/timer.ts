// struct timer_list and struct hrtimer: a function that runs later, in an interrupt of the CPU on which it was armed; a
// timer_list's as a softirq, an hrtimer's as a hard interrupt. What the wheel knows of it outlives the object that it is
// part of, as a pointer in a list does. Not modelled: deferrable and irq-safe timers, threads of PREEMPT_RT that run
// timers, and the softirq that runs several timers in a row: between two of them anything may come.
import { Cell } from '../cell.js';
import type { Cpu } from '../cpu/cpu.js';
import { limits } from '../../limits.js';
import type { Named } from '../names.js';
import type { Path } from '../op.js';
import type { Thread, ThreadIdentity } from '../thread.js';
import { ThreadSet } from '../thread-set.js';

/** What an hrtimer's function may return, to run again after the same time. */
export type HrtimerRestart = 'HRTIMER_RESTART' | 'HRTIMER_NORESTART';

/** The function of a timer. */
export type TimerFunction = (cpu: Cpu) => Path<unknown>;

export interface TimerOptions {
  /** How often in a row timers may arm themselves, or each other, before this one does not run any more. */
  readonly rearms?: number;
}

export abstract class Timer implements Named {
  abstract readonly kind: 'timer' | 'hrtimer';
  readonly run: TimerFunction;
  readonly rearmsMax: number;
  readonly #owner: Named | undefined;
  readonly #field: string;
  /** timer->function: false after timer_shutdown(). It is all that a freed object takes with it. */
  readonly isSetUp: Cell<boolean>;
  /** Whether it will run. */
  readonly isArmed: Cell<boolean>;
  /** Whether its function is running. */
  readonly isRunning: Cell<boolean>;
  /** Simulated nanoseconds from when it was armed the last time. */
  readonly delay: Cell<number>;
  /** How many functions of timers in a row have led to its being armed. */
  readonly rearms: Cell<number>;
  /** The interrupt that runs its function, made when it is first armed. */
  readonly handler: Cell<Thread | null>;
  /** Who that interrupt is in every execution. */
  identity: ThreadIdentity | undefined = undefined;
  /** Threads that are suspended before they delete it and wait for its function's end. */
  readonly parked = new ThreadSet();

  constructor(
    owner: Named | undefined,
    field: string,
    run: TimerFunction,
    options: TimerOptions = {},
  ) {
    this.#owner = owner;
    this.#field = field;
    this.run = run;
    this.rearmsMax = options.rearms ?? limits.timerRearms;
    this.isSetUp = new Cell<boolean>(this, 'function', true);
    this.isArmed = new Cell<boolean>(this, 'armed', false);
    this.isRunning = new Cell<boolean>(this, 'running', false);
    this.delay = new Cell<number>(this, 'delay', 0);
    this.rearms = new Cell<number>(this, 'rearms', 0);
    this.handler = new Cell<Thread | null>(this, 'handler', null);
  }

  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }
}

/** A timer_list: its function runs as a softirq. */
export class TimerList extends Timer {
  readonly kind = 'timer';
}

/** An hrtimer: its function runs as a hard interrupt. */
export class Hrtimer extends Timer {
  readonly kind = 'hrtimer';
}
