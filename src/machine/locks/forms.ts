// What a spinning lock does besides locking: the plain, _bh, _irq and _irqsave forms. The same four forms exist for
// spinlock_t, rwlock_t and seqlock_t, with and without PREEMPT_RT.
import type { Operation, Primitive } from '../op.js';

export type FormName = 'plain' | 'bh' | 'irq' | 'irqsave';
export type Forms<T> = Readonly<Record<FormName, T>>;

export interface Form {
  /** What follows the name of an acquisition: `_irqsave`. */
  readonly suffix: string;
  /** What follows the name of a release: `_irqrestore`. */
  readonly releaseSuffix: string;
  /** Enters atomic context; returns the flags for irqsave: whether interrupts were on. */
  readonly enter: (op: Operation) => unknown;
  /** Leaves it. For irqrestore the flags are in the operation's `a`. */
  readonly leave: (op: Operation) => void;
}

/** The primitives of one form of one mode of a lock. */
export interface LockPrimitives {
  readonly acquire: Primitive;
  readonly attempt: Primitive;
  readonly release: Primitive;
}

/** Without PREEMPT_RT: the holder keeps its CPU. */
export const spinningForms: Forms<Form> = {
  plain: {
    suffix: '',
    releaseSuffix: '',
    enter: ({ machine, slot }) => {
      machine.contexts.preemptDisable(slot);
    },
    leave: ({ machine, slot }) => {
      machine.contexts.preemptEnable(slot);
    },
  },
  bh: {
    suffix: '_bh',
    releaseSuffix: '_bh',
    enter: ({ machine, slot }) => {
      machine.contexts.bhDisable(slot);
    },
    leave: ({ machine, slot }) => {
      machine.contexts.bhEnable(slot);
    },
  },
  irq: {
    suffix: '_irq',
    releaseSuffix: '_irq',
    enter: ({ machine, slot }) => {
      machine.contexts.preemptDisable(slot);
      machine.contexts.irqDisable(slot);
    },
    leave: (op) => {
      op.machine.contexts.irqEnable(op);
      op.machine.contexts.preemptEnable(op.slot);
    },
  },
  irqsave: {
    suffix: '_irqsave',
    releaseSuffix: '_irqrestore',
    enter: ({ machine, slot }) => {
      machine.contexts.preemptDisable(slot);
      return machine.contexts.irqDisable(slot);
    },
    leave: (op) => {
      op.machine.contexts.irqRestore(op, op.a as boolean);
      op.machine.contexts.preemptEnable(op.slot);
    },
  },
};

export function inEachForm<T>(forms: Forms<Form>, make: (form: Form) => T): Forms<T> {
  return {
    plain: make(forms.plain),
    bh: make(forms.bh),
    irq: make(forms.irq),
    irqsave: make(forms.irqsave),
  };
}

/**
 * Takes or fails to take a lock by a trylock of the form. The flags are saved before and given back after a failure,
 * as the kernel's macros do, so a failing _irq trylock enables interrupts.
 * @returns null where the lock was not taken, the flags for irqsave, true for the others
 */
export function tryInForm(op: Operation, form: Form, isTaken: () => boolean): unknown {
  const flags = form.enter(op);
  if (isTaken()) return flags ?? true;
  op.a = flags;
  form.leave(op);
  return flags === undefined ? false : null;
}
