// Data races by publishing data in a way that orders nothing.
import type { Memory } from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

const machine = { dataRaces: true } as const;

/** A struct with one field. */
class config {
  readonly memory: Memory;
  readonly value;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
  }
}

export const racePublicationRules: readonly RuleExample[] = [
  {
    id: 'race-publication',
    rule: 'WRITE_ONCE() of a flag does not publish the data that was written before it.',
    source: 'Documentation/dev-tools/kcsan.rst, "Modeling Weak Memory"',
    broken: scenario({
      name: 'race-publication',
      about: 'Data is published by a flag that WRITE_ONCE() sets and READ_ONCE() tests.',
      machine,
      setup: (m) => ({ data: m.cell('data', 0), ready: m.cell('ready', 0) }),
      actors: ({ data, ready }) => ({
        *producer(cpu) {
          yield* cpu.write(data, 1);
          yield* cpu.WRITE_ONCE(ready, 1);
        },
        *consumer(cpu) {
          if ((yield* cpu.READ_ONCE(ready)) === 1) yield* cpu.read(data);
        },
      }),
    }),
    verdict: 'data race',
    says: 'smp_store_release() and smp_load_acquire() would',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'race-released',
      about: 'The flag is set by smp_store_release() and tested by smp_load_acquire().',
      machine,
      setup: (m) => ({ data: m.cell('data', 0), ready: m.cell('ready', 0) }),
      actors: ({ data, ready }) => ({
        *producer(cpu) {
          yield* cpu.write(data, 1);
          yield* cpu.smp_store_release(ready, 1);
        },
        *consumer(cpu) {
          if ((yield* cpu.smp_load_acquire(ready)) === 1) yield* cpu.read(data);
        },
      }),
    }),
    difference: 'The flag is set by smp_store_release() and tested by smp_load_acquire().',
  },
  {
    id: 'race-rcu-publication',
    rule: 'An object must be filled in before rcu_assign_pointer() publishes it.',
    source: 'Documentation/RCU/checklist.rst; Documentation/RCU/rcu_dereference.rst',
    broken: scenario({
      name: 'race-rcu-publication',
      about: 'A field is written after the object was published.',
      machine,
      setup: (m) => ({ current: m.rcuPointer<config | null>('current', null) }),
      actors: ({ current }) => ({
        *updater(cpu) {
          const fresh = yield* cpu.kmalloc(config);
          yield* cpu.rcu_assign_pointer(current, fresh);
          if (fresh !== null) yield* cpu.write(fresh.value, 1);
        },
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          const found = yield* cpu.rcu_dereference(current);
          if (found !== null) yield* cpu.read(found.value);
          yield* cpu.rcu_read_unlock();
        },
      }),
    }),
    verdict: 'data race',
    says: 'race on config:updater/1.value',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'race-rcu-published',
      about: 'The field is written before the object is published.',
      machine,
      setup: (m) => ({ current: m.rcuPointer<config | null>('current', null) }),
      actors: ({ current }) => ({
        *updater(cpu) {
          const fresh = yield* cpu.kmalloc(config);
          if (fresh !== null) yield* cpu.write(fresh.value, 1);
          yield* cpu.rcu_assign_pointer(current, fresh);
        },
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          const found = yield* cpu.rcu_dereference(current);
          if (found !== null) yield* cpu.read(found.value);
          yield* cpu.rcu_read_unlock();
        },
      }),
    }),
    difference: 'The field is written before the object is published.',
  },
];
