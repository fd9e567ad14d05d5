// Sections that a thread opens and closes without an event of their own: preemption, softirqs or interrupts off, an
// RCU read section. A section opens together with the step that follows it and closes with the step before its
// end: whatever could happen at the latest opening and the earliest closing can happen, and nothing else is hidden.
import { Primitive } from '../op.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';

export class Section {
  /** The kernel's name of the opening: `preempt_disable`. */
  readonly name: string;
  /** Takes effect right before the thread's next step. */
  readonly open: (thread: Thread) => void;
  /** Whether a thread may not sleep in it. */
  readonly isAtomic: boolean;
  /** The end of a section that has begun, as an action. */
  readonly end: Primitive;

  constructor(parts: {
    readonly name: string;
    readonly end: string;
    readonly isAtomic: boolean;
    readonly open: (thread: Thread) => void;
    readonly close: (op: Operation) => void;
  }) {
    this.name = parts.name;
    this.isAtomic = parts.isAtomic;
    this.open = parts.open;
    this.end = new Primitive({
      name: parts.end,
      act: parts.close,
      narrate: () => `${parts.end}()`,
    });
  }
}

export const PREEMPT_OFF = new Section({
  name: 'preempt_disable',
  end: 'preempt_enable',
  isAtomic: true,
  open: (thread) => {
    thread.op.machine.contexts.preemptDisable(thread);
  },
  close: (op) => {
    op.machine.contexts.preemptEnable(op.slot);
  },
});

export const BH_OFF = new Section({
  name: 'local_bh_disable',
  end: 'local_bh_enable',
  isAtomic: true,
  open: (thread) => {
    thread.op.machine.contexts.bhDisable(thread);
  },
  close: (op) => {
    op.machine.contexts.bhEnable(op.slot);
  },
});

export const IRQS_OFF = new Section({
  name: 'local_irq_disable',
  end: 'local_irq_enable',
  isAtomic: true,
  open: (thread) => {
    thread.op.machine.contexts.irqDisable(thread);
  },
  close: (op) => {
    op.machine.contexts.irqEnable(op);
  },
});

/** Restores the mask that `a` tells of. */
export const IRQS_SAVED = new Section({
  name: 'local_irq_save',
  end: 'local_irq_restore',
  isAtomic: true,
  open: (thread) => {
    thread.op.machine.contexts.irqDisable(thread);
  },
  close: (op) => {
    op.machine.contexts.irqRestore(op, op.a as boolean);
  },
});
