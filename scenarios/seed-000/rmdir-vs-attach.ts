// rmdir while a pid is written to a file of the cgroup: the writer waits for cgroup_mutex, gets it, and finds the cgroup dead.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const rmdirVsAttach = scenario({
  name: 'rmdir-vs-attach',
  about: 'A task is moved into a cgroup that is being removed.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'rmdir has no form of v6.12 in this model' },
  setup: (k) => ({ F: k.mkdir('/F'), task: k.task('task'), other: k.task('other') }),
  actors: ({ k, F, task, other }) => ({
    attach: on(other, (cpu) => k.cgroup_file_write(cpu, k.dir(F), task, false)),
    rmdir: on(other, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
