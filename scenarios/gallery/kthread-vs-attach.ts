// Kernel threads that are bound to a CPU must stay in the root cgroup. A new one is visible before its creator binds it, and
// it is born where kthreadd is.
import type { V410 } from '../../src/kernel/v4.10/v4.10.js';
import { PF_NO_SETAFFINITY } from '../../src/kernel/v4.10/v4.10.js';
import { kthreads } from '../../src/kernel/v4.10/kthreads.js';
import { atEnd, type Property } from '../../src/machine/index.js';
import { type Scenario, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

function boundStaysInRoot(k: V410): Property {
  return atEnd('a kernel thread that is bound to a CPU is in the root cgroup', () => {
    const { flags, cgroup } = k.child;
    if ((flags.peek() & PF_NO_SETAFFINITY) === 0 || cgroup.peek() === '/') return true;
    return `the child is bound, and in ${cgroup.peek()}`;
  });
}

function moved(name: string, about: string, which: 'child' | 'kthreadd_task'): Scenario {
  return scenario({
    name,
    about,
    series: kthreads,
    setup: () => ({}),
    actors: ({ k }) => ({
      *creator(cpu) {
        yield* k.kthread_create_on_cpu(cpu);
      },
      *kthreadd(cpu) {
        yield* k.kthreadd(cpu);
      },
      *child(cpu) {
        yield* k.kthread(cpu);
      },
      *attach(cpu) {
        yield* k.attach_task_by_pid(cpu, '/D', k[which]);
      },
    }),
    properties: ({ k }) => [boundStaysInRoot(k)],
  });
}

export const kthreadBound: RaceEntry = {
  kind: 'race',
  id: 'KT1',
  title: 'A kernel thread is moved before its creator has bound it',
  source:
    '77f88796cee8 "cgroup, kthread: close race window where new kthreads can be migrated to non-root cgroups"',
  scenario: moved('kthread-vs-attach', 'A kernel thread is moved while it is created.', 'child'),
  broken: { upTo: 'refuse-bound' },
  fixed: { upTo: 'no-migration' },
  dies: 'bound to a CPU',
  depth: { threads: 4, preemptions: 1 },
  proof: { preemptions: undefined },
};

export const kthreaddMoved: RaceEntry = {
  kind: 'race',
  id: 'KT2',
  title: 'kthreadd is moved, and its children are born outside of the root',
  source: 'c4c27fbdda4e "cgroup: disallow attaching kthreadd or PF_THREAD_BOUND tasks"',
  scenario: moved(
    'kthreadd-vs-attach',
    'kthreadd is moved while a kernel thread is created.',
    'kthreadd_task',
  ),
  broken: { upTo: 'base' },
  fixed: { upTo: 'refuse-bound' },
  dies: 'bound to a CPU',
  depth: { threads: 4, preemptions: 0 },
  proof: { preemptions: undefined },
};
