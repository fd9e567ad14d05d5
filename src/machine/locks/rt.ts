// PREEMPT_RT: spinlock_t and rwlock_t are made of an rt_mutex. Their waiters sleep; the holder may be preempted but not
// moved; the irq forms mask nothing. Not modelled: priority inheritance, that the softirq-off sections of one CPU
// exclude each other, and interrupt threads (declare those as actors). A softirq runs in a thread there.
import { MIGRATION_OFF, stayOnCpu } from '../context/migration.js';
import { IRQS_OFF, IRQS_SAVED, PREEMPT_OFF } from '../context/section.js';
import { load } from '../cell.js';
import { ModelError } from '../errors.js';
import type { Operation } from '../op.js';
import type { Form, Forms } from './forms.js';

const stay = ({ slot }: Operation): void => {
  stayOnCpu(slot);
};
const mayMove = (op: Operation): void => {
  MIGRATION_OFF.end.act(op);
};

/** With PREEMPT_RT: the holder keeps to its CPU, but not its CPU to itself. */
export const sleepingForms: Forms<Form> = {
  plain: { suffix: '', releaseSuffix: '', enter: stay, leave: mayMove },
  bh: {
    suffix: '_bh',
    releaseSuffix: '_bh',
    enter: (op) => {
      op.machine.contexts.bhDisable(op.slot);
      stay(op);
    },
    leave: (op) => {
      mayMove(op);
      op.machine.contexts.bhEnable(op.slot);
    },
  },
  irq: { suffix: '_irq', releaseSuffix: '_irq', enter: stay, leave: mayMove },
  irqsave: {
    suffix: '_irqsave',
    releaseSuffix: '_irqrestore',
    // Nothing is masked, so the flags say that interrupts are on.
    enter: (op) => {
      stay(op);
      return true;
    },
    leave: mayMove,
  },
};

/**
 * might_sleep() of such a lock: a panic with preemption or interrupts off, or in a hard interrupt (K-01). An RCU read
 * section and softirqs off do not forbid it: rtlock_might_resched() in kernel/locking/spinlock_rt.c.
 * @throws ModelError in a softirq, which is no context of its own there
 */
export function mightSleepOnRt(op: Operation): void {
  const { slot, machine } = op;
  if (slot.role === 'softirq') {
    throw new ModelError(
      `${slot.name} is a softirq, which PREEMPT_RT runs in a thread: declare it as an actor`,
    );
  }
  const isPinned =
    load(slot.preemptDepth) > 0 ||
    slot.processor.irqsAreOff ||
    slot.role === 'hardirq' ||
    [PREEMPT_OFF, IRQS_OFF, IRQS_SAVED].some((section) => slot.isEntering(section));
  if (!isPinned) return;
  const what = `sleeping function ${op.primitive.name}() called from invalid context`;
  machine.panic(op, what);
}
