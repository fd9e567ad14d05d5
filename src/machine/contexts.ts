// Atomic context: preemption and interrupts, per thread and per CPU, and who may run while they are off.
import { load, store } from './cell.js';
import { NOBODY } from './locks/lock.js';
import type { Machine } from './machine.js';
import type { Operation } from './op.js';
import type { Processor } from './processor.js';
import type { Thread } from './thread.js';

export class Contexts {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** preempt_disable(): from here on nobody else gets the thread's CPU. */
  preemptDisable(thread: Thread): void {
    const depth = load(thread.preemptDepth);
    store(thread.preemptDepth, depth + 1, this.#machine.journal);
    if (depth === 0) this.#pin(thread);
  }

  /** preempt_enable(): a warning where it was not disabled. */
  preemptEnable(thread: Thread): void {
    const depth = load(thread.preemptDepth);
    if (depth === 0) {
      this.#machine.warn(thread.index, 'preempt_enable() without preempt_disable()');
      return;
    }
    store(thread.preemptDepth, depth - 1, this.#machine.journal);
    if (depth === 1) this.#unpin(thread);
  }

  #pin({ processor, index }: Thread): void {
    if (processor.threads.length === 1) return;
    const { journal, runnable } = this.#machine;
    store(processor.pinnedBy, index, journal);
    for (const other of processor.threads) if (other !== index) runnable.remove(other);
  }

  /** Lets others have the CPU again, unless preemption or interrupts are still off. */
  #unpin(thread: Thread): void {
    const { processor, index, preemptDepth } = thread;
    if (load(processor.pinnedBy) !== index) return;
    if (load(preemptDepth) > 0 || load(processor.irqsOff)) return;
    const { journal, runnable } = this.#machine;
    store(processor.pinnedBy, NOBODY, journal);
    for (const other of processor.threads) {
      const { ended, stopped, op } = this.#machine.thread(other);
      if (!ended && !stopped && op.isEnabled) runnable.add(other);
    }
  }

  /** A second thread comes to a CPU: whoever had it for himself may have been in atomic context all along. */
  share(processor: Processor): void {
    const [alone] = processor.threads;
    if (alone === undefined) return;
    const atomic = load(this.#machine.thread(alone).preemptDepth) > 0 || load(processor.irqsOff);
    if (atomic) store(processor.pinnedBy, alone, this.#machine.journal);
  }

  /** The thread that nobody may preempt on the CPU, or NOBODY. */
  pinnerOf(processor: Processor): number {
    return load(processor.pinnedBy);
  }

  /** local_irq_disable(), or local_irq_save(): returns whether interrupts were on. */
  irqDisable(thread: Thread): boolean {
    const wereOn = thread.processor.maskIrqs(this.#machine.journal);
    if (wereOn) this.#pin(thread);
    return wereOn;
  }

  /** local_irq_enable(): unconditional, so it breaks an outer section that relied on the mask (K-05). */
  irqEnable(op: Operation): void {
    const open = op.slot.processor.unmaskIrqs(true, this.#machine.journal);
    this.#unpin(op.slot);
    if (open === 0) return;
    const what = `${op.primitive.name}() enabled interrupts inside a section that masked them`;
    this.#machine.warn(op.thread, what);
  }

  /** local_irq_restore() */
  irqRestore(thread: Thread, wereOn: boolean): void {
    thread.processor.unmaskIrqs(wereOn, this.#machine.journal);
    this.#unpin(thread);
  }

  /** might_sleep(): a panic where the thread may not sleep (K-01). */
  mightSleep(op: Operation): void {
    const { preemptDepth, processor } = op.slot;
    if (load(preemptDepth) === 0 && !load(processor.irqsOff)) return;
    const what = `sleeping function ${op.primitive.name}() called from invalid context`;
    this.#machine.panic(op, what);
  }
}
