// R04: a fork that still reads "no lists" does not link its child, and the walk that enables them does not see the
// child yet. Each stores first and then loads what the other has stored: only the order of memory allows both.
import { everyTaskIsLinked } from '../../properties/index.js';
import type { MachineOptions } from '../../src/machine/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario, type Scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** A page is charged to the parent's cgroup meanwhile. */
function enableVsFork(name: string, about: string, rwlock: MachineOptions['rwlock']): Scenario {
  return scenario({
    name,
    about,
    series: attachHistory,
    machine: { memory: 'tso', rwlock },
    setup: (k) => {
      k.before_first_iteration();
      const F = k.mkdir('/F');
      const parent = k.task('parent');
      k.share_mm(parent, parent);
      return { F, parent };
    },
    actors: ({ k, F, parent }) => ({
      fork: on(parent, (cpu) => k.copy_process(cpu)),
      *cat(cpu) {
        yield* k.pid_array_load(cpu, F);
      },
      *charge(cpu) {
        yield* k.mem_cgroup_of_owner(cpu, F);
      },
    }),
    properties: ({ k }) => [everyTaskIsLinked(k)],
  });
}

const source =
  '3ce3230a0cff "cgroup: Walk task list under tasklist_lock in cgroup_enable_task_cg_list", 2012';

export const r04: GalleryEntry = {
  kind: 'forbidden',
  id: 'R04',
  title: 'The enabling of lists misses a child whose fork did not see it either (x86-TSO)',
  source,
  scenario: enableVsFork(
    'enable-vs-fork',
    'A child is forked while the first reader of a tasks file links everybody.',
    'reader-preferring',
  ),
  clear: { upTo: 'v2.6.39' },
  forbiddenBy:
    'write_unlock_irq(&tasklist_lock): on x86 a locked instruction until v3.16, so that the child is on the ' +
    'tasklist for everybody before its fork reads the flag; a machine that lets loads pass it is not modelled',
  proof: { preemptions: 2 },
};

export const r04b: GalleryEntry = {
  kind: 'race',
  id: 'R04b',
  title: 'The same walk, were it on a kernel with queued rwlocks (x86-TSO)',
  source: `${source}; write_unlock() of a queued rwlock, v3.16, is a plain store`,
  scenario: enableVsFork(
    'enable-vs-fork-queued',
    'A child is forked while everybody is linked, and the unlock of tasklist_lock orders no load.',
    'queued',
  ),
  broken: { upTo: 'v2.6.39' },
  fixed: { upTo: 'walk-tasklist' },
  dies: 'I-02',
  // Two threads, and the store buffers of their CPUs.
  depth: { threads: 4, preemptions: 1 },
  proof: { preemptions: 2 },
};
