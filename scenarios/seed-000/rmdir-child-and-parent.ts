// R31: a child and then its parent are removed; the kills of their csses are confirmed on two CPUs, in any order.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const rmdirChildAndParent = scenario({
  name: 'rmdir-child-and-parent',
  about: 'A css goes offline before that of its child, which was removed first.',
  source: 'aa226ff4a1ce cgroup: make sure a parent css isn’t offlined before its children (v4.5)',
  series: taskMigration,
  notOn: { 'v6.12': 'rmdir has no form of v6.12 in this model' },
  inLadder: false,
  setup: (k) => {
    k.subsystem({ name: 'memory' });
    return { F: k.mkdir('/F'), C: k.mkdir('/F/C'), user: k.task('user') };
  },
  actors: ({ k, F, C, user }) => ({
    child: on(user, (cpu) => k.vfs_rmdir(cpu, k.dir(C))),
    parent: on(user, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
