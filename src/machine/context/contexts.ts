// Atomic context: preemption, softirqs and interrupts, per thread and per CPU, and who may run while they are off.
import { load, store } from '../cell.js';
import { NOBODY } from '../locks/lock.js';
import { MIGRATION_OFF, stayOnCpu } from './migration.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import { checkSectionsLeft, checkSleepingReader, RCU_READ } from '../rcu/read-section.js';
import type { Thread } from '../thread.js';
import type { Processor } from './processor.js';

export class Contexts {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  // --- Who may run ------------------------------------------------------------------------------------------

  /** Whether the thread may use its CPU now, whatever its pending operation says. */
  admits(thread: Thread): boolean {
    const { processor } = thread;
    if (thread.role === 'task') return processor.admits(thread.index);
    if (thread.role === 'idle') return true;
    const { index } = thread;
    if (processor.isHandling(index)) return processor.handler === index;
    return this.#mayFire(thread);
  }

  /** A hard interrupt comes wherever interrupts are on; a softirq, where it is also not off and none runs. */
  #mayFire({ processor, role }: Thread): boolean {
    if (load(processor.irqsOff)) return false;
    return role === 'hardirq' || (load(processor.bhDepth) === 0 && processor.handler === NOBODY);
  }

  /** Makes everybody on the CPU runnable or not, after who may use it has changed. */
  refresh(processor: Processor): void {
    for (const index of processor.threads) this.#refresh(index, processor);
    for (const index of processor.handlers) this.#refresh(index, processor);
  }

  #refresh(index: number, processor: Processor): void {
    const thread = this.#machine.thread(index);
    if (thread.processor !== processor && thread.role !== 'idle') return;
    const { ended, stopped, op } = thread;
    if (!ended && !stopped && op.isEnabled && this.admits(thread)) {
      this.#machine.runnable.add(index);
    } else {
      this.#machine.runnable.remove(index);
    }
  }

  // --- Preemption -------------------------------------------------------------------------------------------

  /** preempt_disable(): from here on nobody else gets the thread's CPU. */
  preemptDisable(thread: Thread): void {
    this.#machine.isPlain = false;
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

  /** A handler has its CPU to itself anyway. */
  #pin({ processor, index, isHandler }: Thread): void {
    if (processor.isUnshared) return;
    if (!isHandler) store(processor.pinnedBy, index, this.#machine.journal);
    this.refresh(processor);
  }

  /** Lets others have the CPU again, unless preemption or interrupts are still off. */
  #unpin(thread: Thread): void {
    const { processor } = thread;
    if (processor.isUnshared) return;
    if (load(processor.pinnedBy) === thread.index && !this.#isPinning(thread)) {
      store(processor.pinnedBy, NOBODY, this.#machine.journal);
    }
    this.refresh(processor);
  }

  #isPinning({ preemptDepth, processor }: Thread): boolean {
    return load(preemptDepth) > 0 || load(processor.irqsOff);
  }

  /** A second thread comes to a CPU: whoever had it for himself may have been in atomic context all along. */
  share(processor: Processor): void {
    const [alone] = processor.threads;
    if (alone === undefined || load(processor.pinnedBy) !== NOBODY) return;
    if (this.#isPinning(this.#machine.thread(alone))) {
      store(processor.pinnedBy, alone, this.#machine.journal);
    }
  }

  // --- Softirqs and interrupts ------------------------------------------------------------------------------

  /** local_bh_disable(): it counts as preemption off, too, but with PREEMPT_RT. */
  bhDisable(thread: Thread): void {
    const { processor } = thread;
    store(processor.bhDepth, load(processor.bhDepth) + 1, this.#machine.journal);
    if (this.#machine.profile.rt) stayOnCpu(thread);
    else this.preemptDisable(thread);
  }

  /** local_bh_enable(): a warning where softirqs were not off, or where interrupts are (K-05). */
  bhEnable(thread: Thread): void {
    const { processor, index } = thread;
    const depth = load(processor.bhDepth);
    if (depth === 0) {
      this.#machine.warn(index, 'local_bh_enable() without local_bh_disable()');
      return;
    }
    if (load(processor.irqsOff)) {
      this.#machine.warn(index, 'local_bh_enable() with interrupts masked');
    }
    store(processor.bhDepth, depth - 1, this.#machine.journal);
    if (this.#machine.profile.rt) MIGRATION_OFF.end.act(thread.op);
    else this.preemptEnable(thread);
    if (!processor.isUnshared) this.refresh(processor);
  }

  /** local_irq_disable(), or local_irq_save(): returns whether interrupts were on. */
  irqDisable(thread: Thread): boolean {
    this.#machine.isPlain = false;
    const wereOn = thread.processor.maskIrqs(this.#machine.journal);
    if (wereOn) this.#pin(thread);
    return wereOn;
  }

  /** local_irq_enable(): unconditional, so it breaks an outer section that relied on the mask (K-05). */
  irqEnable(op: Operation): void {
    const open = op.slot.processor.unmaskIrqs(true, this.#machine.journal);
    this.#unpin(op.slot);
    if (open === 0 && op.slot.role !== 'hardirq') return;
    const what = `${op.primitive.name}() enabled interrupts inside a section that masked them`;
    this.#machine.warn(op.thread, what);
  }

  /** local_irq_restore(): flags come back last saved first, or an inner section runs with interrupts on (K-05). */
  irqRestore({ slot, machine, primitive }: Operation, wereOn: boolean): void {
    const open = slot.processor.unmaskIrqs(wereOn, machine.journal);
    this.#unpin(slot);
    if (!wereOn || open === 0) return;
    const what = `${slot.name} restores flags out of order: ${primitive.name}() enables interrupts`;
    machine.breakRule('K-05', `${what} in a section that masked them`);
  }

  /** An interrupt has come: until it returns, its handler has the CPU. A hard one masks the others. */
  enterHandler({ processor, index, role }: Thread): void {
    const { journal } = this.#machine;
    const outer = load(processor.interrupted);
    const irqsWereOn = !load(processor.irqsOff);
    store(processor.interrupted, { handler: index, irqsWereOn, outer }, journal);
    if (role === 'hardirq') store(processor.irqsOff, true, journal);
    this.refresh(processor);
  }

  /** The handler returns to whom it has interrupted. */
  leaveHandler(thread: Thread): void {
    const { processor, index } = thread;
    const { journal } = this.#machine;
    const frame = load(processor.interrupted);
    checkSectionsLeft(thread);
    if (frame?.handler !== index) return;
    store(processor.interrupted, frame.outer, journal);
    if (load(processor.irqsOff) === frame.irqsWereOn) {
      store(processor.irqsOff, !frame.irqsWereOn, journal);
    }
    this.refresh(processor);
  }

  // --- Checks -----------------------------------------------------------------------------------------------

  /** Whether the thread may not sleep: it is a handler, or in a section that keeps its CPU. */
  isAtomic(thread: Thread): boolean {
    return (
      load(thread.preemptDepth) > 0 ||
      load(thread.processor.irqsOff) ||
      thread.isHandler ||
      thread.isEnteringAtomic
    );
  }

  /** Whether the load balancer may take the thread to another CPU: it is not being run, or can be preempted. */
  isMovable({ preemptDepth, migrationOff, processor, index }: Thread): boolean {
    if (load(preemptDepth) > 0 || load(migrationOff) > 0) return false;
    return load(processor.interrupted) === null && load(processor.pinnedBy) !== index;
  }

  /**
   * might_sleep(): a panic where the thread may not sleep (K-01), a warning where it is about to sleep already: on its way
   * it would be set running again, and its own sleep would be none.
   */
  mightSleep(op: Operation): void {
    if (this.#machine.isPlain) return;
    this.mustNotBeAtomic(op);
    const { sleeper, index } = op.slot;
    if (sleeper === undefined || !sleeper.isGoingToSleep || op.slot.stopped) return;
    const what = `do not call blocking ops when !TASK_RUNNING: ${op.primitive.name}()`;
    this.#machine.warn(index, what);
  }

  /** schedule_debug(): a panic where the thread may not sleep (K-01). */
  mustNotBeAtomic(op: Operation): void {
    checkSleepingReader(op);
    if (!this.isAtomic(op.slot)) return;
    const what = `sleeping function ${op.primitive.name}() called from invalid context`;
    this.#machine.panic(op, what);
  }

  /** debug_smp_processor_id(): a warning where the thread could find itself on another CPU at any step. */
  needsPinning(thread: Thread, what: string): void {
    if (this.isAtomic(thread) || load(thread.migrationOff) > 0) return;
    if (thread.entering.some((section) => section !== RCU_READ)) return;
    this.#machine.warn(thread.index, `${what}() in preemptible context: the CPU may change`);
  }
}
