// What v3.14 does with an attach that fails in the middle of a transfer: it drops the error and returns 0. The scan goes
// on to the next task, and does not come back.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { scenario } from '../scenario.js';

export const transferOutOfMemory = scenario({
  name: 'transfer-out-of-memory',
  about: 'An allocation fails while a cgroup is emptied, a task stays, and the transfer returns 0.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  faults: 1,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.task('first', F);
    k.task('second', F);
    return { F, D };
  },
  actors: ({ k, F, D }) => ({
    *transfer(cpu) {
      yield* k.cgroup_transfer_tasks(cpu, D, F);
    },
    read: (cpu) => k.pidlist_array_load(cpu, F),
  }),
  properties: ({ k }) => allInvariants(k),
});
