// Preemption, softirqs and interrupts on and off, per-CPU data, and moving to another CPU.
import { MIGRATION_OFF, SET_CPU } from '../context/migration.js';
import { checkCpu } from '../context/processor.js';
import * as perCpu from '../context/per-cpu.js';
import type { PerCpu } from '../context/per-cpu.js';
import { BH_OFF, IRQS_OFF, IRQS_SAVED, PREEMPT_OFF, type Section } from '../context/section.js';
import type { Cell } from '../cell.js';
import type { Step } from '../op.js';
import { ThreadSteps } from './thread-steps.js';

export abstract class ContextSteps<out Task> extends ThreadSteps<Task> {
  /** From the next step on nobody else gets this CPU, but interrupts. No event. */
  preempt_disable(): Step<void> {
    return this.open(PREEMPT_OFF);
  }

  /** No event. */
  preempt_enable(): Step<void> {
    return this.close(PREEMPT_OFF);
  }

  /** From the next step on no softirq runs on this CPU, nor anybody else. No event. */
  local_bh_disable(): Step<void> {
    return this.open(BH_OFF);
  }

  /** No event. */
  local_bh_enable(): Step<void> {
    return this.close(BH_OFF);
  }

  /** From the next step on this CPU takes no interrupt. No event. */
  local_irq_disable(): Step<void> {
    return this.open(IRQS_OFF);
  }

  /** No event. Unconditional: a warning where an outer section relied on the mask (K-05). */
  local_irq_enable(): Step<void> {
    return this.close(IRQS_OFF);
  }

  /** Like local_irq_disable(); returns the flags to give back: whether interrupts were on. No event. */
  local_irq_save(): Step<boolean> {
    const { slot } = this;
    const masked = slot.isEntering(IRQS_SAVED) || slot.isEntering(IRQS_OFF);
    const wereOn = !masked && !slot.processor.irqsAreOff;
    this.#enter(IRQS_SAVED);
    return this.give(this.machine.watchers.looked(slot, wereOn));
  }

  /** No event. */
  local_irq_restore(flags: boolean): Step<void> {
    return this.close(IRQS_SAVED, flags);
  }

  /** For WARN_ON and BUG_ON: preempt_count() is not 0, or interrupts are off. */
  get in_atomic(): boolean {
    const { contexts, watchers } = this.machine;
    return watchers.looked(this.slot, contexts.isAtomic(this.slot));
  }

  /** True in the handler of a hard interrupt. */
  get in_hardirq(): boolean {
    return this.slot.role === 'hardirq';
  }

  /** True in the handler of a softirq, and where softirqs are off. */
  get in_softirq(): boolean {
    const isOff = this.slot.role === 'softirq' || this.slot.processor.bhIsOff;
    return this.machine.watchers.looked(this.slot, isOff);
  }

  // --- Per-CPU data -----------------------------------------------------------------------------------------

  /** This CPU's variable: a warning where the thread could be moved to another CPU before it uses it. No event. */
  this_cpu_ptr<T>(variable: PerCpu<T>): Step<Cell<T>> {
    this.machine.contexts.needsPinning(this.slot, 'this_cpu_ptr');
    return this.give(variable.on(this.id));
  }

  /** The number of this CPU: a warning where it could change before it is used. No event. */
  smp_processor_id(): Step<number> {
    this.machine.contexts.needsPinning(this.slot, 'smp_processor_id');
    return this.give(this.id);
  }

  /** Reads this CPU's variable; safe anywhere, since it is one step. */
  this_cpu_read<T>(variable: PerCpu<T>): Step<T> {
    return this.op.make(perCpu.THIS_CPU_READ, variable) as Step<T>;
  }

  this_cpu_write<T>(variable: PerCpu<T>, value: NoInfer<T>): Step<void> {
    return this.op.make(perCpu.THIS_CPU_WRITE, variable, value) as Step<void>;
  }

  /** One step, also for an interrupt of this CPU. Returns the old value. */
  this_cpu_add(variable: PerCpu<number>, n: number): Step<number> {
    return this.op.make(perCpu.THIS_CPU_ADD, variable, n) as Step<number>;
  }

  this_cpu_inc(variable: PerCpu<number>): Step<number> {
    return this.this_cpu_add(variable, 1);
  }

  this_cpu_dec(variable: PerCpu<number>): Step<number> {
    return this.this_cpu_add(variable, -1);
  }

  /** Stores `value` if this CPU's variable holds `expected`; returns the old value either way. */
  this_cpu_cmpxchg<T>(variable: PerCpu<T>, expected: NoInfer<T>, value: NoInfer<T>): Step<T> {
    return this.op.make(perCpu.THIS_CPU_CMPXCHG, variable, expected, value) as Step<T>;
  }

  /** From the next step on the thread stays on its CPU, though others may preempt it there. No event. */
  migrate_disable(): Step<void> {
    return this.open(MIGRATION_OFF);
  }

  /** No event. */
  migrate_enable(): Step<void> {
    return this.close(MIGRATION_OFF);
  }

  /** set_cpus_allowed_ptr(current, one CPU): the thread goes on there. One event; it may sleep. */
  set_cpu(id: number): Step<void> {
    checkCpu(id);
    return this.op.make(SET_CPU, undefined, id) as Step<void>;
  }

  // --- Sections ---------------------------------------------------------------------------------------------

  /** Opens a section with the next step. */
  protected open(section: Section): Step<void> {
    this.#enter(section);
    return this.give(undefined);
  }

  #enter(section: Section): void {
    this.machine.isPlain = false;
    this.slot.entering.push(section);
    this.machine.note(this.slot.index, () => `${section.name}()`);
  }

  /** Closes one with the step before; one that no step has opened yet never was. */
  protected close(section: Section, argument?: unknown): Step<void> {
    const at = this.slot.entering.lastIndexOf(section);
    if (at >= 0) this.slot.entering.splice(at, 1);
    this.machine.note(this.slot.index, () => `${section.end.name}()`);
    if (at >= 0) return this.give(undefined);
    return this.now(section.end, undefined, argument) as Step<void>;
  }
}
