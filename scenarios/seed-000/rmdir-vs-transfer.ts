// rmdir of a cgroup whose tasks are being transferred to its parent, which is what cpuset does.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const rmdirVsTransfer = scenario({
  name: 'rmdir-vs-transfer',
  about: 'A cgroup is removed while its tasks are transferred to its parent.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'rmdir has no form of v6.12 in this model' },
  // cpuset has a reference on the css of F while it does this, and so on F.
  setup: (k, m) => {
    const [D, F] = [k.mkdir('/D'), k.mkdir('/D/F')];
    m.settle(F.refcnt, F.refcnt.peek() + 1);
    return { D, F, task: k.task('task', F) };
  },
  actors: ({ k, F, D, task }) => ({
    *transfer(cpu) {
      yield* k.cgroup_transfer_tasks(cpu, D, F);
      yield* k.cgroup_put(cpu, F);
    },
    rmdir: on(task, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
