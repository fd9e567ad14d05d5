// A simulated CPU. Any number of threads may be placed on it; while one of them has preemption off, or
// interrupts masked, the others of that CPU cannot run, however the scheduler would like them to.
import { Cell, load, store } from './cell.js';
import type { Journal } from './journal.js';
import type { Named } from './names.js';
import { NOBODY } from './locks/lock.js';

export class Processor implements Named {
  readonly id: number;
  /** Whether interrupts are masked. */
  readonly irqsOff: Cell<boolean>;
  /** How often interrupts were masked again while they were masked: what an outer section relies on. */
  readonly irqSections: Cell<number>;
  /** The thread that may not be preempted here, or NOBODY. */
  readonly pinnedBy: Cell<number>;
  /** The threads placed here, ended ones included. */
  readonly threads: number[] = [];
  /** Some actor was placed here by name; others are not put beside it. */
  reserved = false;

  constructor(id: number) {
    this.id = id;
    this.irqsOff = new Cell<boolean>(this, 'irqs_off', false);
    this.irqSections = new Cell<number>(this, 'irq_sections', 0);
    this.pinnedBy = new Cell<number>(this, 'pinned_by', NOBODY);
  }

  get name(): string {
    return `CPU${String(this.id)}`;
  }

  get label(): string {
    return this.name;
  }

  /** Takes away a thread that was spawned in the last execution. */
  displace(thread: number): void {
    const at = this.threads.indexOf(thread);
    if (at >= 0) this.threads.splice(at, 1);
  }

  /** Whether the thread may use the CPU now. */
  admits(thread: number): boolean {
    const pinned = load(this.pinnedBy);
    return pinned === NOBODY || pinned === thread;
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
