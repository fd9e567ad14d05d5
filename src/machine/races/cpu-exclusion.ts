// What shuts what out on one CPU, as three pseudo-locks of each CPU: masked interrupts shut out its hard interrupts,
// softirqs off shut out its softirqs, preemption off shuts out its other threads. Sharing a CPU alone orders
// nothing: an access can be cut in two by whatever may come in between, which is how KCSAN sees it where it lets
// itself be interrupted (KCSAN_INTERRUPT_WATCHER, part of KCSAN_STRICT).
import { load } from '../cell.js';
import type { Processor } from '../context/processor.js';
import type { Thread } from '../thread.js';
import type { VectorClock } from './vector-clock.js';

/** What the pseudo-locks need of the threads' clocks. */
export interface Clocks {
  of: (thread: number) => VectorClock;
}

const NOBODY = -1;

/** One pseudo-lock. */
class Exclusion {
  owner = NOBODY;
  #given: VectorClock | undefined = undefined;

  take(thread: number, clocks: Clocks): void {
    if (this.owner === thread) return;
    this.give(this.owner, clocks);
    if (this.#given !== undefined) clocks.of(thread).join(this.#given);
    this.owner = thread;
  }

  /** The section of that thread is over; it was with its last step, if somebody else could take over. */
  give(thread: number, clocks: Clocks): void {
    if (thread === NOBODY || this.owner !== thread) return;
    const clock = clocks.of(thread);
    this.#given = clock.copy();
    clock.tick(thread);
    this.owner = NOBODY;
  }
}

interface CpuExclusions {
  readonly hardirqs: Exclusion;
  readonly softirqs: Exclusion;
  readonly threads: Exclusion;
}

/** Whom a thread shuts out of its CPU at present. */
export interface Exclusions {
  readonly hardirqs: boolean;
  readonly softirqs: boolean;
  readonly threads: boolean;
}

/** Whom the thread shuts out of its CPU while it takes the step that has just taken effect. */
export function excludedBy({ role, processor, preemptDepth }: Thread): Exclusions {
  const irqsOff = load(processor.irqsOff);
  const bhOff = load(processor.bhDepth) > 0;
  switch (role) {
    case 'hardirq':
      // It can come into a softirq, and into a section with preemption off.
      return { hardirqs: true, softirqs: false, threads: false };
    case 'softirq':
      return { hardirqs: irqsOff, softirqs: true, threads: false };
    case 'task':
    case 'idle':
      return {
        hardirqs: irqsOff,
        softirqs: irqsOff || bhOff,
        threads: irqsOff || bhOff || load(preemptDepth) > 0,
      };
  }
}

/** The pseudo-locks of all CPUs, in one execution. */
export class CpuExclusion {
  readonly #cpus = new Map<Processor, CpuExclusions>();
  /** Where each thread took its last step. */
  readonly #last = new Map<number, Processor>();
  readonly #clocks: Clocks;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** Before what a step does is looked at: takes and gives the pseudo-locks of the CPU, as the thread's state says. */
  step(thread: Thread): void {
    const { processor, index } = thread;
    const before = this.#last.get(index);
    const none = { hardirqs: false, softirqs: false, threads: false };
    if (before !== undefined && before !== processor) this.#settle(index, before, none);
    this.#last.set(index, processor);
    this.#settle(index, processor, excludedBy(thread));
  }

  #settle(thread: number, processor: Processor, wanted: Exclusions): void {
    const { hardirqs, softirqs, threads } = this.#of(processor);
    this.#set(hardirqs, thread, wanted.hardirqs);
    this.#set(softirqs, thread, wanted.softirqs);
    this.#set(threads, thread, wanted.threads);
  }

  #set(exclusion: Exclusion, thread: number, wanted: boolean): void {
    if (wanted) exclusion.take(thread, this.#clocks);
    else exclusion.give(thread, this.#clocks);
  }

  #of(processor: Processor): CpuExclusions {
    let found = this.#cpus.get(processor);
    if (found === undefined) {
      found = { hardirqs: new Exclusion(), softirqs: new Exclusion(), threads: new Exclusion() };
      this.#cpus.set(processor, found);
    }
    return found;
  }
}
