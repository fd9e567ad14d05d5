// The race that patch 0005 closes, the third bullet of the cover letter: the migration path cannot tell whether a
// task that has just been forked points to the css_set and is not linked yet.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const forkVsTransfer = scenario({
  name: 'fork-vs-transfer',
  about: 'A child forked while its cgroup is being emptied is left behind.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => ({ F: k.mkdir('/F'), D: k.mkdir('/D'), parent: k.task('parent', '/F') }),
  actors: ({ k, F, D, parent }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *transfer(cpu) {
      yield* k.cgroup_transfer_tasks(cpu, D, F);
    },
  }),
  properties: ({ k }) => allInvariants(k),
});
