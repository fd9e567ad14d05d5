// mkdir whose files cannot be made: the cgroup is on its parent’s list by then, and is destroyed as by rmdir.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const mkdirFails = scenario({
  name: 'mkdir-fails',
  about: 'A mkdir that fails half-way drops the last reference under the lock which that takes.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'mkdir has no form of v6.12 in this model' },
  inLadder: false,
  faults: 1,
  setup: (k) => ({ F: k.mkdir('/F'), user: k.task('user') }),
  actors: ({ k, F, user }) => ({
    mkdir: on(user, (cpu) => k.vfs_mkdir(cpu, k.dir(F), 'C')),
    rmdir: on(user, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
