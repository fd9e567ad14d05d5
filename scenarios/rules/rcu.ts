// Rules about RCU: read sections, grace periods, callbacks, and the pointers that they protect.
import type {
  Allocated,
  Cell,
  Cpu,
  Machine,
  Memory,
  Path,
  RcuPointer,
} from '../../src/machine/index.js';
import { type Scenario, scenario } from '../scenario.js';
import { percpuRefRules } from './percpu-ref.js';
import type { RuleExample } from './rule.js';

/** A css_set as far as its readers go. */
class CssSet implements Allocated {
  readonly memory: Memory;
  readonly subsys: Cell<number>;
  constructor(memory: Memory) {
    this.memory = memory;
    this.subsys = memory.cell('subsys', 1);
  }
}

interface World {
  readonly cset: CssSet;
  /** task->cgroups */
  readonly cgroups: RcuPointer<CssSet | null>;
}

const world = (m: Machine): World => {
  const cset = m.object(CssSet, 'cset');
  return { cset, cgroups: m.rcuPointer<CssSet | null>('task.cgroups', cset) };
};

/** A reader follows task->cgroups in a read section. */
function* readSubsys(cpu: Cpu, { cgroups }: World): Path {
  yield* cpu.rcu_read_lock();
  const cset = yield* cpu.rcu_dereference(cgroups);
  if (cset !== null) yield* cpu.read(cset.subsys);
  yield* cpu.rcu_read_unlock();
}

/** That reader, and somebody who gets rid of the css_set. */
function readerAnd(name: string, about: string, remove: (cpu: Cpu, w: World) => Path): Scenario {
  return scenario({
    name,
    about,
    setup: world,
    actors: (w) => ({
      *reader(cpu) {
        yield* readSubsys(cpu, w);
      },
      *exit(cpu) {
        yield* remove(cpu, w);
      },
    }),
  });
}

const useAfterFree: readonly RuleExample[] = [
  {
    id: 'R64',
    rule: 'What RCU readers may have found is not freed without a grace period.',
    source:
      '__put_css_set() ends in kfree() in v2.6.28 and v2.6.29, in call_rcu() in v2.6.34, in kfree_rcu() in v3.1',
    broken: readerAnd('r64-kfree', 'The last user frees a css_set at once.', function* (cpu, w) {
      yield* cpu.rcu_assign_pointer(w.cgroups, null);
      yield* cpu.kfree(w.cset);
    }),
    verdict: 'panic',
    says: 'use after free: read() on cset.subsys',
    fails: 'sometimes',
    neighbour: readerAnd('r64-kfree-rcu', 'The same by kfree_rcu().', function* (cpu, w) {
      yield* cpu.rcu_assign_pointer(w.cgroups, null);
      yield* cpu.kfree_rcu(w.cset);
    }),
    difference: 'kfree_rcu() frees it when the read sections that were open have ended.',
  },
  {
    id: 'K-11',
    rule: 'A grace period counts from when the pointer is gone, not from before.',
    source: 'Documentation/RCU/whatisRCU.rst: removal comes before reclamation',
    broken: readerAnd('k11-early', 'The grace period comes first.', function* (cpu, w) {
      yield* cpu.synchronize_rcu();
      yield* cpu.rcu_assign_pointer(w.cgroups, null);
      yield* cpu.kfree(w.cset);
    }),
    verdict: 'panic',
    says: 'use after free: read() on cset.subsys',
    fails: 'sometimes',
    neighbour: readerAnd('k11-in-order', 'The pointer goes first.', function* (cpu, w) {
      yield* cpu.rcu_assign_pointer(w.cgroups, null);
      yield* cpu.synchronize_rcu();
      yield* cpu.kfree(w.cset);
    }),
    difference: 'A reader that comes during the grace period finds nothing any more.',
  },
  {
    id: 'K-11',
    rule: 'What was found in a read section is not used after it without a reference.',
    source: 'Documentation/RCU/checklist.rst',
    broken: scenario({
      name: 'k11-leaked',
      about: 'A pointer leaks out of its read section.',
      setup: world,
      actors: ({ cset, cgroups }) => ({
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          const found = yield* cpu.rcu_dereference(cgroups);
          yield* cpu.rcu_read_unlock();
          if (found !== null) yield* cpu.read(found.subsys);
        },
        *exit(cpu) {
          yield* cpu.rcu_assign_pointer(cgroups, null);
          yield* cpu.kfree_rcu(cset);
        },
      }),
    }),
    verdict: 'panic',
    says: 'use after free: read() on cset.subsys',
    fails: 'sometimes',
    neighbour: readerAnd('k11-kept-in', 'It is used inside.', function* (cpu, w) {
      yield* cpu.rcu_assign_pointer(w.cgroups, null);
      yield* cpu.kfree_rcu(w.cset);
    }),
    difference: 'The section ends after the last use.',
  },
];

/** One thread that holds a mutex of updaters, or does not, and follows the pointer. */
function alone(name: string, about: string, body: (cpu: Cpu, w: World) => Path): Scenario {
  return scenario({
    name,
    about,
    setup: world,
    actors: (w) => ({
      *reader(cpu) {
        yield* body(cpu, w);
      },
    }),
  });
}

const sections: readonly RuleExample[] = [
  {
    id: 'K-11',
    rule: 'An RCU pointer is followed in a read section only, or under the lock of its updaters.',
    source: 'lockdep_rcu_suspicious(), CONFIG_PROVE_RCU',
    broken: alone('k11-outside', 'A look without a section.', function* (cpu, { cgroups }) {
      yield* cpu.rcu_dereference(cgroups);
    }),
    verdict: 'lock rule',
    says: 'suspicious RCU usage: rcu_dereference(task.cgroups) by reader outside any read section',
    fails: 'always',
    neighbour: alone('k11-inside', 'A look in a section.', readSubsys),
    difference: 'rcu_read_lock() comes first.',
  },
  {
    id: 'K-11',
    rule: 'Nobody sleeps in a read section.',
    source: 'rcu_sleep_check(): illegal context switch in RCU read-side critical section',
    broken: scenario({
      name: 'k11-sleeps',
      about: 'A mutex is taken in a read section.',
      setup: (m) => ({ lock: m.mutex('cgroup_mutex') }),
      actors: ({ lock }) => ({
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          yield* cpu.mutex_lock(lock);
          yield* cpu.mutex_unlock(lock);
          yield* cpu.rcu_read_unlock();
        },
      }),
    }),
    verdict: 'lock rule',
    says: 'reader may sleep in mutex_lock() inside an RCU read section',
    fails: 'always',
    neighbour: scenario({
      name: 'k11-spins',
      about: 'A spinlock is taken in a read section.',
      setup: (m) => ({ lock: m.spinlock('css_set_lock') }),
      actors: ({ lock }) => ({
        *reader(cpu) {
          yield* cpu.rcu_read_lock();
          yield* cpu.spin_lock(lock);
          yield* cpu.spin_unlock(lock);
          yield* cpu.rcu_read_unlock();
        },
      }),
    }),
    difference: 'The lock is one whose waiters spin.',
  },
  {
    id: 'K-07',
    rule: 'Nobody waits for a grace period inside a read section.',
    source: 'synchronize_rcu(): illegal synchronize_rcu() in RCU read-side critical section',
    broken: alone('k07-inside', 'A grace period is awaited inside.', function* (cpu, w) {
      yield* cpu.rcu_read_lock();
      yield* cpu.rcu_dereference(w.cgroups);
      yield* cpu.synchronize_rcu();
      yield* cpu.rcu_read_unlock();
    }),
    verdict: 'lock rule',
    says: 'reader calls synchronize_rcu() inside a read section: it waits for itself',
    fails: 'always',
    neighbour: alone('k07-afterwards', 'It is awaited afterwards.', function* (cpu, w) {
      yield* readSubsys(cpu, w);
      yield* cpu.synchronize_rcu();
    }),
    difference: 'The section has ended.',
  },
  {
    id: 'K-06',
    rule: 'A thread leaves every read section before it ends.',
    source: 'exit_rcu(); lockdep: lock held when returning to user space',
    broken: alone('k06-left-open', 'A section is never left.', function* (cpu, w) {
      yield* cpu.rcu_read_lock();
      yield* cpu.rcu_dereference(w.cgroups);
    }),
    verdict: 'lock rule',
    says: 'reader ended inside an RCU read section',
    fails: 'always',
    neighbour: alone('k06-left', 'The section is left.', readSubsys),
    difference: 'rcu_read_unlock() comes last.',
  },
];

/** Unloading a module that has queued a callback. */
function unload(name: string, about: string, wait: (cpu: Cpu) => Path): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ module: m.object(CssSet, 'module') }),
    actors: ({ module }) => ({
      *rmmod(cpu) {
        yield* cpu.call_rcu('callback', function* (own) {
          yield* own.read(module.subsys);
        });
        yield* wait(cpu);
        yield* cpu.kfree(module);
      },
    }),
  });
}

/** A callback that takes a lock. */
function callback(name: string, about: string, body: (cpu: Cpu) => Path): Scenario {
  return scenario({
    name,
    about,
    setup: () => ({}),
    actors: () => ({
      *updater(cpu) {
        yield* cpu.call_rcu('callback', body);
      },
    }),
  });
}

const callbacks: readonly RuleExample[] = [
  {
    id: 'K-11',
    rule: 'A module waits for its RCU callbacks, not only for a grace period, before it is gone.',
    source: 'Documentation/RCU/rcubarrier.rst',
    broken: unload('k11-unload-early', 'Only a grace period is awaited.', function* (cpu) {
      yield* cpu.synchronize_rcu();
    }),
    verdict: 'panic',
    says: 'use after free: read() on module.subsys',
    fails: 'sometimes',
    neighbour: unload('k11-unload', 'The callbacks are awaited.', function* (cpu) {
      yield* cpu.rcu_barrier();
    }),
    difference: 'rcu_barrier() returns when the callbacks that were queued have returned.',
  },
  {
    id: 'K-01',
    rule: 'An RCU callback may not sleep.',
    source: 'call_rcu(): callbacks run in softirq context',
    broken: callback('k01-callback-sleeps', 'A callback awaits a grace period.', function* (cpu) {
      yield* cpu.synchronize_rcu();
    }),
    verdict: 'panic',
    says: 'sleeping function synchronize_rcu() called from invalid context',
    fails: 'always',
    neighbour: callback('k01-callback-queues', 'A callback queues another one.', function* (cpu) {
      yield* cpu.call_rcu('second', function* () {
        // It has nothing to do.
      });
    }),
    difference: 'call_rcu() does not wait.',
  },
];

export const rcuRules: readonly RuleExample[] = [
  ...useAfterFree,
  ...sections,
  ...callbacks,
  ...percpuRefRules,
];
