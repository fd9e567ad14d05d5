// Rung 0001's obligation (R25): while can_attach() sleeps the targets are on mg_tasks, and whoever walks the tasks of a
// cgroup has to walk that list as well.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { scenario } from '../scenario.js';
import { charging } from './subsystems.js';

export const tasksVsMigration = scenario({
  name: 'tasks-vs-migration',
  about: 'The file of tasks is read while a task is being moved.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.subsystem(charging());
    const task = k.task('task', F);
    k.task('other', F);
    return { F, D, task };
  },
  actors: ({ k, F, D, task }) => ({
    *move(cpu) {
      yield* k.attach_task_by_pid(cpu, D, task, false);
    },
    read: (cpu) => k.pidlist_array_load(cpu, F),
  }),
  properties: ({ k }) => allInvariants(k),
});
