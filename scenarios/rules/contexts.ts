// Rules about where a thread is: in atomic context, in an interrupt, on which CPU.
import { atEnd, type Cpu, type Path } from '../../src/machine/index.js';
import { balancer, hardirq, scenario, softirq } from '../scenario.js';
import type { RuleExample } from './rule.js';

const sleepInAtomic = (name: string, unlockFirst: boolean) =>
  scenario({
    name,
    about: 'A mutex is taken while a spinlock is held.',
    setup: (m) => ({ spin: m.spinlock('spin'), mutex: m.mutex('mutex') }),
    actors: ({ spin, mutex }) => ({
      *thread(cpu) {
        yield* cpu.spin_lock(spin);
        if (unlockFirst) yield* cpu.spin_unlock(spin);
        yield* cpu.mutex_lock(mutex);
        yield* cpu.mutex_unlock(mutex);
        if (!unlockFirst) yield* cpu.spin_unlock(spin);
      },
    }),
  });

const sleepInInterrupt = (name: string, leavesIt: boolean) =>
  scenario({
    name,
    about: 'The handler of an interrupt takes a semaphore for reading.',
    setup: (m) => ({
      sem: m.rwsem('sem'),
      work: m.cell('work', 0),
      pending: m.cell('pending', false),
    }),
    actors: ({ sem, work, pending }) => ({
      *thread(cpu) {
        yield* cpu.down_write(sem);
        yield* cpu.write(work, 1);
        yield* cpu.up_write(sem);
        yield* cpu.read(pending);
      },
      irq: hardirq(0, function* (cpu: Cpu) {
        if (leavesIt) {
          yield* cpu.write(pending, true);
        } else {
          yield* cpu.down_read(sem);
          yield* cpu.read(work);
          yield* cpu.up_read(sem);
        }
      }),
    }),
  });

const softirqLock = (name: string, bhOff: boolean) =>
  scenario({
    name,
    about: 'A softirq takes a lock that a thread of its CPU holds.',
    setup: (m) => ({ lock: m.spinlock('lock'), x: m.cell('x', 0) }),
    actors: ({ lock, x }) => ({
      *thread(cpu) {
        if (bhOff) yield* cpu.local_bh_disable();
        yield* cpu.spin_lock(lock);
        yield* cpu.write(x, 1);
        yield* cpu.spin_unlock(lock);
        if (bhOff) yield* cpu.local_bh_enable();
      },
      soft: softirq(0, function* (cpu: Cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.write(x, 2);
        yield* cpu.spin_unlock(lock);
      }),
    }),
  });

const irqEnabledInside = (name: string, restores: boolean) =>
  scenario({
    name,
    about: 'A helper enables interrupts although its caller has masked them.',
    setup: (m) => ({ x: m.cell('x', 0) }),
    actors: ({ x }) => ({
      *thread(cpu) {
        const outer = yield* cpu.local_irq_save();
        yield* cpu.write(x, 1);
        if (restores) {
          const flags = yield* cpu.local_irq_save();
          yield* cpu.write(x, 2);
          yield* cpu.local_irq_restore(flags);
        } else {
          yield* cpu.local_irq_disable();
          yield* cpu.write(x, 2);
          yield* cpu.local_irq_enable();
        }
        yield* cpu.write(x, 3);
        yield* cpu.local_irq_restore(outer);
      },
    }),
  });

const unbalancedPreemption = (name: string, balanced: boolean) =>
  scenario({
    name,
    about: 'Preemption is enabled once more often than it was disabled.',
    setup: (m) => ({ x: m.cell('x', 0) }),
    actors: ({ x }) => ({
      *thread(cpu) {
        yield* cpu.preempt_disable();
        yield* cpu.read(x);
        yield* cpu.preempt_enable();
        if (!balanced) yield* cpu.preempt_enable();
        yield* cpu.read(x);
      },
    }),
  });

const [DEAD, RELEASABLE] = [1, 2];

const flagWord = (name: string, atomic: boolean) =>
  scenario({
    name,
    about: 'Two threads each set a bit of one flag word.',
    setup: (m) => ({ flags: m.cell('flags', 0) }),
    actors: ({ flags }) => {
      function* set(cpu: Cpu, bit: number): Path {
        if (atomic) yield* cpu.set_bits(flags, bit);
        else yield* cpu.write(flags, (yield* cpu.read(flags)) | bit);
      }
      return { kill: (cpu: Cpu) => set(cpu, DEAD), release: (cpu: Cpu) => set(cpu, RELEASABLE) };
    },
    properties: ({ flags }) => [
      atEnd('both bits are set', () => flags.peek() === (DEAD | RELEASABLE)),
    ],
  });

const perCpuPointer = (name: string, pinned: boolean) =>
  scenario({
    name,
    about: "A thread uses its CPU's variable by pointer and may be moved meanwhile.",
    setup: (m) => ({ count: m.percpu('count', 0) }),
    actors: ({ count }) => ({
      *thread(cpu) {
        if (pinned) yield* cpu.preempt_disable();
        const mine = yield* cpu.this_cpu_ptr(count);
        yield* cpu.write(mine, (yield* cpu.read(mine)) + 1);
        if (pinned) yield* cpu.preempt_enable();
      },
      balance: balancer('thread', 1),
    }),
  });

const perCpuCounter = (name: string, oneStep: boolean) =>
  scenario({
    name,
    about: 'A thread and an interrupt of its CPU both add to a per-CPU counter.',
    setup: (m) => ({ count: m.percpu('count', 0), fired: m.cell('fired', 0) }),
    actors: ({ count, fired }) => ({
      *thread(cpu) {
        if (oneStep) yield* cpu.this_cpu_inc(count);
        else yield* cpu.this_cpu_write(count, (yield* cpu.this_cpu_read(count)) + 1);
      },
      irq: hardirq(0, function* (cpu: Cpu) {
        yield* cpu.this_cpu_inc(count);
        yield* cpu.atomic_inc(fired);
      }),
    }),
    properties: ({ count, fired }) => [
      atEnd('both additions count', () => count.on(0).peek() === 1 + fired.peek()),
    ],
  });

export const contextRules: readonly RuleExample[] = [
  {
    id: 'K-01',
    rule: 'Nothing that may sleep is called while a spinlock is held.',
    source: 'might_sleep(), ___might_sleep() in kernel/sched/core.c',
    broken: sleepInAtomic('mutex-under-spinlock', false),
    verdict: 'panic',
    says: 'sleeping function mutex_lock() called from invalid context',
    fails: 'always',
    neighbour: sleepInAtomic('mutex-after-spinlock', true),
    difference: 'The spinlock is released before the mutex is taken.',
  },
  {
    id: 'K-01',
    rule: 'The handler of an interrupt does not sleep.',
    source: 'might_sleep(), in_interrupt()',
    broken: sleepInInterrupt('rwsem-in-interrupt', false),
    verdict: 'panic',
    says: 'sleeping function down_read() called from invalid context',
    fails: 'sometimes',
    neighbour: sleepInInterrupt('interrupt-defers-work', true),
    difference: 'The handler leaves a note for a thread, and takes no lock.',
  },
  {
    id: 'K-04',
    rule: 'A lock that a softirq takes is never held with softirqs on.',
    source: 'Documentation/kernel-hacking/locking.rst, spin_lock_bh()',
    broken: softirqLock('softirq-lock-with-softirqs-on', false),
    verdict: 'deadlock',
    says: 'soft waits for lock in spin_lock(), held by thread',
    fails: 'sometimes',
    neighbour: softirqLock('softirq-lock-with-softirqs-off', true),
    difference: 'The thread switches softirqs off around the lock.',
  },
  {
    id: 'K-05',
    rule: 'Interrupts are not enabled where a caller has masked them.',
    source: 'Documentation/kernel-hacking/locking.rst, spin_lock_irqsave()',
    broken: irqEnabledInside('irqs-enabled-inside', false),
    verdict: 'warning',
    says: 'local_irq_enable() enabled interrupts inside a section that masked them',
    fails: 'always',
    neighbour: irqEnabledInside('irqs-restored-inside', true),
    difference: 'The inner section restores the mask that it found.',
  },
  {
    id: 'K-06',
    rule: 'Preemption is enabled as often as it was disabled.',
    source: 'preempt_count_sub() in kernel/sched/core.c, CONFIG_DEBUG_PREEMPT',
    broken: unbalancedPreemption('preemption-enabled-twice', false),
    verdict: 'warning',
    says: 'preempt_enable() without preempt_disable()',
    fails: 'always',
    neighbour: unbalancedPreemption('preemption-balanced', true),
    difference: 'It is enabled once.',
  },
  {
    id: 'K-13',
    rule: 'Two writers of one flag word use atomic bit operations.',
    source: 'Documentation/atomic_bitops.txt, set_bit()',
    broken: flagWord('flag-word-read-and-written', false),
    verdict: 'violation',
    says: 'both bits are set',
    fails: 'sometimes',
    neighbour: flagWord('flag-word-set-bit', true),
    difference: 'Each bit is set in one step.',
  },
  {
    id: 'per-CPU pointer',
    rule: 'Who uses per-CPU data by pointer stays on his CPU.',
    source: 'debug_smp_processor_id() in lib/smp_processor_id.c',
    broken: perCpuPointer('per-cpu-pointer-preemptible', false),
    verdict: 'warning',
    says: 'this_cpu_ptr() in preemptible context',
    fails: 'always',
    neighbour: perCpuPointer('per-cpu-pointer-pinned', true),
    difference: 'Preemption is off while the pointer is used.',
  },
  {
    id: 'per-CPU counter',
    rule: 'Per-CPU data that an interrupt changes too is changed in one step, or with interrupts off.',
    source: 'Documentation/core-api/this_cpu_ops.rst',
    broken: perCpuCounter('per-cpu-counter-read-and-written', false),
    verdict: 'violation',
    says: 'both additions count',
    fails: 'sometimes',
    neighbour: perCpuCounter('per-cpu-counter-this-cpu-inc', true),
    difference: 'The thread adds by this_cpu_inc().',
  },
];
