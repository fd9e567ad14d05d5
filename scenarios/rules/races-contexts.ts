// Data races with interrupts and softirqs of the same CPU, and on per-CPU data.
import type { Cpu, Path, PerCpu } from '../../src/machine/index.js';
import { at, hardirq, scenario, softirq } from '../scenario.js';
import type { RuleExample } from './rule.js';

const machine = { dataRaces: true } as const;
const lkmm = 'tools/memory-model/Documentation';

/** A per-CPU counter of one's own, with preemption off, by plain accesses. */
function* plainIncrement(cpu: Cpu, count: PerCpu<number>): Path {
  yield* cpu.preempt_disable();
  const mine = yield* cpu.this_cpu_ptr(count);
  yield* cpu.write(mine, (yield* cpu.read(mine)) + 1);
  yield* cpu.preempt_enable();
}

export const raceContextRules: readonly RuleExample[] = [
  {
    id: 'race-interrupt',
    rule: 'What a thread shares with an interrupt of its CPU it must use with interrupts off.',
    source:
      'lib/Kconfig.kcsan, KCSAN_INTERRUPT_WATCHER, which KCSAN_STRICT turns on; ' +
      'Documentation/kernel-hacking/locking.rst',
    broken: scenario({
      name: 'race-interrupt',
      about: 'An interrupt comes in the middle of a plain access of the thread that it interrupts.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        thread: at(0, function* (cpu: Cpu) {
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        }),
        irq: hardirq(0, function* (cpu: Cpu) {
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        }),
      }),
    }),
    verdict: 'data race',
    says: 'thread has interrupts on, so irq may come in the middle of its access on CPU0',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'race-interrupts-off',
      about: 'The thread has interrupts off.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        thread: at(0, function* (cpu: Cpu) {
          yield* cpu.local_irq_disable();
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.local_irq_enable();
        }),
        irq: hardirq(0, function* (cpu: Cpu) {
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        }),
      }),
    }),
    difference: 'The thread has interrupts off meanwhile.',
  },
  {
    id: 'race-softirq',
    rule: 'Preemption off does not keep a softirq of the CPU out.',
    source: 'Documentation/kernel-hacking/locking.rst, "Locking Between User Context and Softirqs"',
    broken: scenario({
      name: 'race-softirq',
      about: 'A softirq and a thread of its CPU, which only has preemption off.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        thread: at(0, function* (cpu: Cpu) {
          yield* cpu.preempt_disable();
          yield* cpu.write(x, 1);
          yield* cpu.preempt_enable();
        }),
        timer: softirq(0, function* (cpu: Cpu) {
          yield* cpu.read(x);
        }),
      }),
    }),
    verdict: 'data race',
    says: 'thread has softirqs on, so timer may come in the middle',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'race-softirqs-off',
      about: 'The thread has softirqs off.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        thread: at(0, function* (cpu: Cpu) {
          yield* cpu.local_bh_disable();
          yield* cpu.write(x, 1);
          yield* cpu.local_bh_enable();
        }),
        timer: softirq(0, function* (cpu: Cpu) {
          yield* cpu.read(x);
        }),
      }),
    }),
    difference: 'The thread has softirqs off meanwhile.',
  },
  {
    id: 'race-percpu',
    rule: 'Per-CPU data is used plainly only with preemption off, and by its own CPU.',
    source: `${lkmm}/access-marking.txt, "Use of Plain C-Language Accesses"; Documentation/core-api/this_cpu_ops.rst`,
    broken: scenario({
      name: 'race-percpu',
      about: 'Another CPU reads a per-CPU counter that its owner changes by a plain access.',
      machine,
      setup: (m) => ({ count: m.percpu('count', 0) }),
      actors: ({ count }) => ({
        owner: at(0, (cpu: Cpu) => plainIncrement(cpu, count)),
        other: at(1, function* (cpu: Cpu) {
          yield* cpu.read(count.on(0));
        }),
      }),
    }),
    verdict: 'data race',
    says: 'race on count.cpu0',
    fails: 'always',
    neighbour: scenario({
      name: 'race-percpu-own',
      about: 'Everybody uses his own.',
      machine,
      setup: (m) => ({ count: m.percpu('count', 0) }),
      actors: ({ count }) => ({
        owner: at(0, (cpu: Cpu) => plainIncrement(cpu, count)),
        other: at(1, (cpu: Cpu) => plainIncrement(cpu, count)),
      }),
    }),
    difference: 'The other CPU uses its own counter.',
  },
];
