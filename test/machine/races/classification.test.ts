// The race detector knows every primitive: one that it did not know could order threads, and it would see races
// where there are none.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Primitive } from '../../../src/machine/op.js';

/** What neither accesses shared memory of the model nor orders anything. */
const neither = new Set([
  // The machine's own.
  'halt',
  'emit',
  'load balance',
  'drain',
  // An object that nobody else knows yet.
  'kmalloc',
  // What shuts others out of the CPU is read off the state of the CPU and the thread.
  'interrupt',
  'return from interrupt',
  'preempt_enable',
  'local_bh_enable',
  'local_irq_enable',
  'local_irq_restore',
  'migrate_enable',
  'set_cpus_allowed_ptr',
  // RCU tells the detector of its sections, grace periods and callbacks itself.
  'rcu_read_unlock',
  'synchronize_rcu',
  'synchronize_rcu_expedited',
  'RCU callback',
  'rcu_barrier',
  'call_rcu',
  'kfree_rcu',
  'return from RCU callback',
  // It is noted where it is called, since it is no event under sequential consistency.
  'smp_mb',
  // Waiting tells the detector whom it has woken; what is known of a queue without its lock orders nothing.
  'set_current_state',
  'prepare_to_wait',
  'prepare_to_wait_exclusive',
  'finish_wait',
  'add_wait_queue',
  'add_wait_queue_exclusive',
  'remove_wait_queue',
  'waitqueue_active',
  'wait_event',
  'wait_event_exclusive',
  'try_wait_for_completion',
  'completion_done',
  'reinit_completion',
  // What queueing hands on and running receives, the work items tell themselves.
  'INIT_WORK',
  'queue_work',
  'process_one_work',
  'cancel_work',
  'kthread_should_stop',
  'kthread_bind',
  'return from timer',
  'timer_pending',
  'timer_delete',
  'del_timer',
  'hrtimer_try_to_cancel',
  // Giving way orders nothing.
  'spin',
  'cond_resched',
  'yield',
  // Whether a step fails is nothing that other threads see.
  'veto',
  'may_fail',
  // percpu_ref adds its counters up after a grace period, in one step.
  'sum of pcpu_count',
  // Time passes.
  'timeout',
  'msleep',
  'udelay',
]);

it('says of every primitive what it accesses, or what it orders, or that it does neither', async () => {
  const root = fileURLToPath(new URL('../../../src/machine', import.meta.url));
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.ts')) await import(`${root}/${file}`);
  }
  const unknown = Primitive.all.filter(({ name, access, lock, signal, follows }) => {
    const knows = [access, lock, signal, follows].some((use) => use !== undefined);
    return knows ? false : !neither.has(name);
  });
  const hint = 'give it access, lock, signal or follows (see PrimitiveParts), or list it above';
  expect(
    unknown.map(({ name }) => name),
    hint,
  ).toEqual([]);
  expect(Primitive.all.length).toBeGreaterThan(80);
});
