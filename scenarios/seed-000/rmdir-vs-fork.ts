// rmdir while the only task of the cgroup forks, and is moved away before or after.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const rmdirVsFork = scenario({
  name: 'rmdir-vs-fork',
  about: 'A cgroup is removed while its only task forks and is moved out of it.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'rmdir has no form of v6.12 in this model' },
  setup: (k) => ({ F: k.mkdir('/F'), D: k.mkdir('/D'), parent: k.task('parent', '/F') }),
  actors: ({ k, F, D, parent }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *move(cpu) {
      yield* k.cgroup_file_write(cpu, k.dir(D), parent, false);
      yield* k.vfs_rmdir(cpu, k.dir(F));
    },
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
