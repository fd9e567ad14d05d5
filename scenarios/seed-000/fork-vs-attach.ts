// One task is moved while it forks. Before 0005 the child keeps the css_set that its parent had; what protects
// that css_set until the child has its own reference is task_lock, which 0006 drops.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const forkVsAttach = scenario({
  name: 'fork-vs-attach',
  about: 'A task is moved to another cgroup while it forks.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => ({ D: k.mkdir('/D'), F: k.mkdir('/F'), parent: k.task('parent', '/F') }),
  actors: ({ k, D, parent }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, parent, false);
    },
  }),
  properties: ({ k }) => allInvariants(k),
});
