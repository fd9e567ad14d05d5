// A simulated CPU: who is on it, and who may run there now. Any number of threads may be placed on it; while one of
// them has preemption off the others of that CPU cannot run, and while an interrupt handler runs nobody else can.
import { Cell, load, store } from '../cell.js';
import { ModelError } from '../errors.js';
import { limits } from '../../limits.js';
import type { Journal } from '../journal.js';
import type { Named } from '../names.js';
import { NOBODY } from '../locks/lock.js';

/** Handlers that have interrupted each other on one CPU, the innermost first; immutable, so that a cell can hold it. */
export interface Interrupted {
  readonly handler: number;
  /** Whether interrupts were on when it came. */
  readonly irqsWereOn: boolean;
  readonly outer: Interrupted | null;
}

/** @throws ModelError for the number of a CPU that there cannot be */
export function checkCpu(id: number): void {
  if (Number.isSafeInteger(id) && id >= 0 && id < limits.cpusMax) return;
  throw new ModelError(`there is no CPU ${String(id)}: they are counted from 0`);
}

/** Its one thread touches it and nobody else; where more share the CPU, pinnedBy says who keeps whom waiting. */
const own = { isUncontended: true } as const;

export class Processor implements Named {
  readonly id: number;
  /** Whether interrupts are masked. */
  readonly irqsOff: Cell<boolean>;
  /** How often interrupts were masked again while they were masked: what an outer section relies on. */
  readonly irqSections: Cell<number>;
  /** How often softirqs are off. */
  readonly bhDepth: Cell<number>;
  /** The thread that may not be preempted here, or NOBODY. */
  readonly pinnedBy: Cell<number>;
  /** The handlers that are running. */
  readonly interrupted: Cell<Interrupted | null>;
  /** The threads that may be here, ended ones included; not the interrupts. */
  readonly threads: number[] = [];
  /** The interrupts of this CPU. */
  readonly handlers: number[] = [];
  /** Some actor was placed here by name; others are not put beside it. */
  reserved = false;

  constructor(id: number) {
    this.id = id;
    this.irqsOff = new Cell<boolean>(this, 'irqs_off', false, own);
    this.irqSections = new Cell<number>(this, 'irq_sections', 0, own);
    this.bhDepth = new Cell<number>(this, 'bh_depth', 0, own);
    this.pinnedBy = new Cell<number>(this, 'pinned_by', NOBODY);
    this.interrupted = new Cell<Interrupted | null>(this, 'interrupted', null);
  }

  get name(): string {
    return `CPU${String(this.id)}`;
  }

  get label(): string {
    return this.name;
  }

  get irqsAreOff(): boolean {
    return load(this.irqsOff);
  }

  get bhIsOff(): boolean {
    return load(this.bhDepth) > 0;
  }

  /** Nobody but one thread is ever here: nothing needs to be kept up to date. */
  get isUnshared(): boolean {
    return this.threads.length === 1 && this.handlers.length === 0;
  }

  /** Takes away a thread that was spawned in, or moved here by, the last execution. */
  displace(thread: number): void {
    for (const list of [this.threads, this.handlers]) {
      const at = list.lastIndexOf(thread);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** The handler that runs now, or NOBODY. */
  get handler(): number {
    return load(this.interrupted)?.handler ?? NOBODY;
  }

  /** Whether the interrupt has come here and its handler has not returned. */
  isHandling(handler: number): boolean {
    for (let at = load(this.interrupted); at !== null; at = at.outer) {
      if (at.handler === handler) return true;
    }
    return false;
  }

  /** Whether a thread that is no interrupt may use the CPU now. */
  admits(thread: number): boolean {
    if (this.handlers.length > 0 && load(this.interrupted) !== null) return false;
    const pinned = load(this.pinnedBy);
    return pinned === NOBODY || pinned === thread;
  }

  /** Who keeps everybody else off the CPU, or NOBODY. */
  get owner(): number {
    const handler = this.handler;
    return handler === NOBODY ? load(this.pinnedBy) : handler;
  }

  /** Returns whether interrupts were on: the flags of irqsave. */
  maskIrqs(journal: Journal): boolean {
    const wereOn = !load(this.irqsOff);
    if (wereOn) store(this.irqsOff, true, journal);
    store(this.irqSections, load(this.irqSections) + 1, journal);
    return wereOn;
  }

  /** Ends one section and sets the mask; returns how many sections are still open. */
  unmaskIrqs(on: boolean, journal: Journal): number {
    const left = Math.max(0, load(this.irqSections) - 1);
    store(this.irqSections, left, journal);
    if (load(this.irqsOff) === on) store(this.irqsOff, !on, journal);
    return left;
  }
}
