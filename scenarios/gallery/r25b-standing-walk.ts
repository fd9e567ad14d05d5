// R25 as it was in v6.12, where a walk over the tasks of a cgroup does without the lock between two tasks: one that stands
// on a task which goes to mg_tasks goes on from there, and misses who came after it on tasks. Found on the rung v6.12 by the
// scenario of R25, before the commit of 2026 that mends it was looked for.
import { nothingLeftHeld, walkMeetsEverybody } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';
import { charging } from '../seed-000/subsystems.js';
import type { GalleryEntry } from './entry.js';

const walkVsMigration = scenario({
  name: 'standing-walk-vs-migration',
  about: 'A walk stands on a task that goes to mg_tasks, and goes on along that list.',
  source: '5ee01f1a7343',
  series: taskMigration,
  inLadder: false,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.subsystem(charging());
    return { F, D, task: k.task('task', F), other: k.task('other', F) };
  },
  actors: ({ k, F, D, task, other }) => ({
    *move(cpu) {
      yield* k.attach_task_by_pid(cpu, D, task, false);
    },
    *read(cpu) {
      yield* k.pidlist_array_load(cpu, F);
    },
    fork: on(other, (cpu) => k.copy_process(cpu)),
  }),
  properties: ({ k }) => [walkMeetsEverybody(k), nothingLeftHeld(k)],
});

export const r25b: GalleryEntry = {
  kind: 'race',
  id: 'R25b',
  title: 'a walk that stands on a task which is being moved misses those after it',
  source: '5ee01f1a7343 "cgroup: fix race between task migration and iteration" (2026)',
  scenario: walkVsMigration,
  broken: { upTo: 'v6.12' },
  fixed: { upTo: 'skip-migrating' },
  dies: 'I-01b',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
