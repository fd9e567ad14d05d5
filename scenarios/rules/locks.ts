// Rules about single locks: who may take and release them, and who waits for whom.
import { hardirq, type Scenario, scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

/** On PREEMPT_RT a dead task leaves its cgroup in finish_task_switch(), or, as the fix has it, a little later. */
const deadTask = (name: string, later: boolean): Scenario =>
  scenario({
    name,
    about: 'The last thing that is done for a dead task takes css_set_lock.',
    machine: { rt: true },
    setup: (m) => ({ css_set_lock: m.spinlock('css_set_lock') }),
    actors: ({ css_set_lock }) => ({
      *finish_task_switch(cpu) {
        yield* cpu.preempt_disable();
        if (later) yield* cpu.preempt_enable();
        yield* cpu.spin_lock_irq(css_set_lock);
        yield* cpu.spin_unlock_irq(css_set_lock);
        if (!later) yield* cpu.preempt_enable();
      },
    }),
  });

const flagsRestored = (name: string, inOrder: boolean): Scenario =>
  scenario({
    name,
    about: 'Two locks are taken with irqsave, one inside the other.',
    setup: (m) => ({ outer: m.spinlock('outer'), inner: m.spinlock('inner') }),
    actors: ({ outer, inner }) => ({
      *thread(cpu) {
        const first = yield* cpu.spin_lock_irqsave(outer);
        const second = yield* cpu.spin_lock_irqsave(inner);
        yield* cpu.spin_unlock_irqrestore(inner, inOrder ? second : first);
        yield* cpu.spin_unlock_irqrestore(outer, inOrder ? first : second);
      },
    }),
  });

const leaver = (name: string, unlocks: boolean): Scenario =>
  scenario({
    name,
    about: 'A thread locks a mutex and ends.',
    setup: (m) => ({ lock: m.mutex('lock') }),
    actors: ({ lock }) => ({
      *leaver(cpu) {
        yield* cpu.mutex_lock(lock);
        if (unlocks) yield* cpu.mutex_unlock(lock);
      },
    }),
  });

const handedOver = (name: string, ownerless: boolean): Scenario =>
  scenario({
    name,
    about: 'A read hold is given back by another thread.',
    setup: (m) => ({ sem: m.rwsem('sem') }),
    actors: ({ sem }) => ({
      *taker(cpu) {
        if (ownerless) yield* cpu.down_read_non_owner(sem);
        else yield* cpu.down_read(sem);
        const giver = yield* cpu.spawn('giver', function* (other) {
          if (ownerless) yield* other.up_read_non_owner(sem);
          else yield* other.up_read(sem);
        });
        yield* cpu.join(giver);
      },
    }),
  });

const nestedPercpu = (name: string, nests: boolean): Scenario =>
  scenario({
    name,
    about: 'A read section of a percpu rwsem, and a writer.',
    setup: (m) => ({ sem: m.percpu_rwsem('sem') }),
    actors: ({ sem }) => ({
      *reader(cpu) {
        yield* cpu.percpu_down_read(sem);
        if (!nests) yield* cpu.percpu_up_read(sem);
        yield* cpu.percpu_down_read(sem);
        yield* cpu.percpu_up_read(sem);
        if (nests) yield* cpu.percpu_up_read(sem);
      },
      *writer(cpu) {
        yield* cpu.percpu_down_write(sem);
        yield* cpu.percpu_up_write(sem);
      },
    }),
  });

const seqReader = (name: string, masks: boolean): Scenario =>
  scenario({
    name,
    about: 'An interrupt reads under a seqlock that a thread of its CPU writes.',
    setup: (m) => ({ lock: m.seqlock('lock') }),
    actors: ({ lock }) => ({
      *writer(cpu) {
        if (masks) yield* cpu.write_seqlock_irq(lock);
        else yield* cpu.write_seqlock(lock);
        if (masks) yield* cpu.write_sequnlock_irq(lock);
        else yield* cpu.write_sequnlock(lock);
      },
      irq: hardirq(0, function* (cpu) {
        const start = yield* cpu.read_seqbegin(lock);
        yield* cpu.read_seqretry(lock, start);
      }),
    }),
  });

const seqWriter = (name: string, pins: boolean): Scenario =>
  scenario({
    name,
    about: 'A thread writes under a bare sequence counter.',
    setup: (m) => ({ seqcount: m.seqcount('seqcount') }),
    actors: ({ seqcount }) => ({
      *writer(cpu) {
        if (pins) yield* cpu.preempt_disable();
        yield* cpu.write_seqcount_begin(seqcount);
        yield* cpu.write_seqcount_end(seqcount);
        if (pins) yield* cpu.preempt_enable();
      },
    }),
  });

export const lockRules: readonly RuleExample[] = [
  {
    id: 'K-08',
    rule: 'A mutex must not be locked again by its owner.',
    source: 'Documentation/locking/mutex-design.rst: recursive locking is not permitted',
    broken: scenario({
      name: 'mutex-recursion',
      about: 'A thread locks its mutex a second time.',
      setup: (m) => ({ lock: m.mutex('lock') }),
      actors: ({ lock }) => ({
        *twice(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.mutex_lock(lock);
        },
      }),
    }),
    verdict: 'deadlock',
    says: 'twice waits for lock in mutex_lock(), held by twice',
    fails: 'always',
    neighbour: scenario({
      name: 'mutex-in-turn',
      about: 'It unlocks the mutex in between.',
      setup: (m) => ({ lock: m.mutex('lock') }),
      actors: ({ lock }) => ({
        *twice(cpu) {
          for (let n = 0; n < 2; n++) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          }
        },
      }),
    }),
    difference: 'The owner unlocks it in between.',
  },
  {
    id: 'K-05',
    rule: 'Saved flags are restored last saved first.',
    source: 'spin_lock_irqsave() in include/linux/spinlock.h',
    broken: flagsRestored('flags-out-of-order', false),
    verdict: 'lock rule',
    says: 'thread restores flags out of order',
    fails: 'always',
    neighbour: flagsRestored('flags-in-order', true),
    difference: 'Each unlock restores the flags of its own lock.',
  },
  {
    id: 'K-06',
    rule: 'A thread holds no lock when it ends.',
    source: 'debug_check_no_locks_held() in kernel/locking/lockdep.c',
    broken: leaver('ends-with-a-mutex', false),
    verdict: 'lock rule',
    says: 'leaver ends with lock held',
    fails: 'always',
    neighbour: leaver('ends-without-a-mutex', true),
    difference: 'It unlocks first.',
  },
  {
    id: 'K-06',
    rule: 'A read hold is given back by its owner, unless it was taken without one.',
    source: 'down_read_non_owner() in kernel/locking/rwsem.c',
    broken: handedOver('read-hold-handed-over', false),
    verdict: 'panic',
    says: 'up_read(sem) by a non-owner',
    fails: 'always',
    neighbour: handedOver('read-hold-without-owner', true),
    difference: 'It is taken by down_read_non_owner().',
  },
  {
    id: 'K-09',
    rule: 'Read sections of a percpu rwsem do not nest.',
    source: 'percpu_down_write() in kernel/locking/percpu-rwsem.c',
    broken: nestedPercpu('percpu-readers-nest', true),
    verdict: 'deadlock',
    says: 'waits for sem in percpu_down_read()',
    fails: 'sometimes',
    neighbour: nestedPercpu('percpu-readers-in-turn', false),
    difference: 'The first section ends before the second begins.',
  },
  {
    id: 'K-10',
    rule: 'Who reads under a seqlock in an interrupt finds no writer there.',
    source: 'Documentation/locking/seqlock.rst',
    broken: seqReader('seqlock-read-in-interrupt', false),
    verdict: 'deadlock',
    says: 'irq waits for lock in read_seqbegin(), held by writer',
    fails: 'sometimes',
    neighbour: seqReader('seqlock-written-with-irqs-off', true),
    difference: 'The writer masks interrupts.',
  },
  {
    id: 'K-10',
    rule: 'A writer of a seqcount is not preempted.',
    source: 'Documentation/locking/seqlock.rst',
    broken: seqWriter('seqcount-written-preemptible', false),
    verdict: 'lock rule',
    says: 'writer writes seqcount with preemption on',
    fails: 'always',
    neighbour: seqWriter('seqcount-written-pinned', true),
    difference: 'Preemption is off.',
  },
  {
    id: 'R28',
    rule: 'On PREEMPT_RT a spinlock_t is not taken with preemption off.',
    source: 'commit 9311e6c29b34, cgroup: Fix sleeping from invalid context warning on PREEMPT_RT',
    broken: deadTask('css-set-lock-in-task-switch', false),
    verdict: 'panic',
    says: 'sleeping function spin_lock_irq() called from invalid context',
    fails: 'always',
    neighbour: deadTask('css-set-lock-after-task-switch', true),
    difference: 'It is taken where preemption is on, as from the lazy irq_work of the fix.',
  },
];
