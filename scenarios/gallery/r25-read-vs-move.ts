// R25: from 0002 on a task is on mg_tasks while subsystems are asked whether it may be moved, and whoever walks the
// tasks of a cgroup has to walk that list as well. 0001 saw to that first; here it is taken back.
import { allInvariants } from '../../properties/index.js';
import { walkTasksOnly } from '../../src/kernel/for-3.15/patches/walk-tasks-only.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import type { Patch } from '../../src/kernel/patch.js';
import { on, scenario } from '../scenario.js';
import { charging } from '../seed-000/subsystems.js';
import type { GalleryEntry } from './entry.js';

export const r25: GalleryEntry = {
  kind: 'race',
  id: 'R25',
  title: 'A read of the tasks misses one that is being migrated',
  source:
    'c75611282cf1 "cgroup: add css_set->mg_tasks", v3.15, which made the walks cover both lists',
  scenario: scenario({
    name: 'read-vs-move',
    about: 'The tasks of a cgroup are read while one is moved out of it, and another one exits.',
    series: taskMigration,
    inLadder: false,
    setup: (k) => {
      const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
      k.subsystem(charging());
      return { F, D, task: k.task('task', F), other: k.task('other', F) };
    },
    actors: ({ k, F, D, task, other }) => ({
      read: (cpu) => k.pidlist_array_load(cpu, F),
      *move(cpu) {
        yield* k.attach_task_by_pid(cpu, D, task, false);
      },
      exit: on(other, (cpu) => k.do_exit(cpu)),
    }),
    properties: ({ k }) => allInvariants(k),
  }),
  // The scenario forgets its kernel's type, and so must the mutant.
  broken: { upTo: '0007', mutants: [walkTasksOnly as unknown as Patch<object>] },
  fixed: { upTo: '0007' },
  dies: 'I-01b',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
