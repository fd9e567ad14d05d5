// rmdir while the last task leaves by exit: refused, or the cgroup goes; and the exiting task never minds.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const rmdirVsExit = scenario({
  name: 'rmdir-vs-exit',
  about: 'A cgroup is removed while its last task exits.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'rmdir has no form of v6.12 in this model' },
  setup: (k) => ({ F: k.mkdir('/F'), task: k.task('task', '/F'), other: k.task('other') }),
  actors: ({ k, F, task, other }) => ({
    exit: on(task, (cpu) => k.do_exit(cpu)),
    rmdir: on(other, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
