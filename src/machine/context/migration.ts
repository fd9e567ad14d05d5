// Moving a thread to another CPU: by itself, or, as the load balancer does, wherever it can be preempted.
import { load, store } from '../cell.js';
import { type Operation, type Path, Primitive } from '../op.js';
import { Section } from './section.js';
import type { Thread } from '../thread.js';

function move(op: Operation, thread: Thread, id: number): void {
  const to = op.machine.placement.processor(id);
  if (thread.processor !== to) op.machine.moveTo(to, thread);
}

/** set_cpus_allowed_ptr(current, cpumask_of(a)): the thread is on CPU `a` when this returns. */
export const SET_CPU = new Primitive({
  name: 'set_cpus_allowed_ptr',
  announce: (op) => {
    op.machine.contexts.mightSleep(op);
  },
  act: (op) => {
    move(op, op.slot, op.a as number);
  },
  narrate: (op) => `set_cpus_allowed_ptr(CPU${String(op.a)})`,
});

/** The load balancer moves thread `subject` to CPU `a`, unless it is pinned where it is. It need not. */
export const BALANCE = new Primitive({
  name: 'load balance',
  idle: true,
  announce: (op) => {
    if (!canBalance(op)) op.machine.block(op);
  },
  isEnabled: canBalance,
  act: (op) => {
    move(op, op.subject as Thread, op.a as number);
  },
  narrate: (op) => `move ${(op.subject as Thread).name} to CPU${String(op.a)}`,
});

function canBalance({ machine, subject, a }: Operation): boolean {
  const thread = subject as Thread;
  const { ended, stopped } = thread;
  if (machine.isQuiet || ended || stopped || thread.processor.id === a) return false;
  return machine.contexts.isMovable(thread);
}

/** A load balancer that moves the thread to a CPU, at most `times` times. */
export function* balancing(balancer: Thread, thread: Thread, cpu: number, times: number): Path {
  const step = balancer.op as unknown as Path<Operation>;
  for (let n = 0; n < times; n++) {
    balancer.op.make(BALANCE, thread, cpu);
    yield* step;
  }
}

/** The thread stays on its CPU from now on. */
export function stayOnCpu({ migrationOff, op, processor }: Thread): void {
  store(migrationOff, load(migrationOff) + 1, op.machine.journal);
  if (!processor.isUnshared) op.machine.contexts.refresh(processor);
}

/** migrate_disable() to migrate_enable(): the thread may be preempted, but stays on its CPU. */
export const MIGRATION_OFF = new Section({
  name: 'migrate_disable',
  end: 'migrate_enable',
  isAtomic: false,
  open: stayOnCpu,
  close: ({ slot, machine }) => {
    const { migrationOff, processor, index } = slot;
    const depth = load(migrationOff);
    if (depth === 0) {
      machine.warn(index, 'migrate_enable() without migrate_disable()');
      return;
    }
    store(migrationOff, depth - 1, machine.journal);
    if (!processor.isUnshared) machine.contexts.refresh(processor);
  },
});
