// rcu_read_lock() to rcu_read_unlock(), as with CONFIG_PREEMPT_RCU: a section may be preempted, and a thread in it may
// wait for a lock that spins, but it may not sleep (K-11). It opens with its first step and closes with its last:
// where it opens earlier in a kernel, a grace period ends later, which the scheduler may choose anyway.
import { load, store } from '../cell.js';
import { Section } from '../context/section.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';

export const RCU_READ = new Section({
  name: 'rcu_read_lock',
  end: 'rcu_read_unlock',
  isAtomic: false,
  open: enterReadSection,
  close: (op) => {
    leaveReadSection(op.slot);
  },
});

/** Whether the thread has called rcu_read_lock(): it is in a section, or its next step is the first one there. */
export function isReading(thread: Thread): boolean {
  return thread.isInReadSection || thread.isEntering(RCU_READ);
}

export function enterReadSection(thread: Thread): void {
  const { machine } = thread.op;
  machine.isPlain = false;
  const depth = load(thread.rcu.depth);
  store(thread.rcu.depth, depth + 1, machine.journal);
  if (depth === 0) machine.rcu.reading(thread);
}

/** Leaves the innermost section. A verdict where there is none (K-06). */
export function leaveReadSection(thread: Thread): void {
  const { machine } = thread.op;
  const depth = load(thread.rcu.depth);
  if (depth === 0) {
    machine.breakRule('K-06', `${thread.name} calls rcu_read_unlock() outside any read section`);
    return;
  }
  store(thread.rcu.depth, depth - 1, machine.journal);
  if (depth === 1) machine.rcu.quiescent(thread);
}

/** might_sleep() in a read section: the grace period would wait for whatever the sleeper waits for (K-11). */
export function checkSleepingReader({ slot, machine, primitive }: Operation): void {
  if (!isReading(slot)) return;
  const what = `${slot.name} may sleep in ${primitive.name}() inside an RCU read section`;
  machine.breakRule('K-11', what);
}

/** The thread has ended, or its interrupt is over: it must have left every section (K-06). */
export function checkSectionsLeft(thread: Thread): void {
  if (!isReading(thread)) return;
  const what = `${thread.name} ended inside an RCU read section: no grace period ends any more`;
  thread.op.machine.breakRule('K-06', what);
}
