// R08: cgroup_transfer_tasks() goes round on an exiting task until that has left. From 0007 on it does so with
// cgroup_mutex held; whoever exits may need that mutex to get so far. Here it drops the last mount of another
// hierarchy: cgroup_put() of the root takes cgroup_mutex. (The report of 2018 is of another cycle: the exiting task
// waited for an expedited grace period, whose work was queued behind the transfer. That is of v4.10 and later.)
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const transferVsUnmount = scenario({
  name: 'transfer-vs-unmount',
  about:
    'A transfer waits, with cgroup_mutex, for an exiting task that needs cgroup_mutex to leave.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const task = k.task('task', F);
    k.set_last_mount(task);
    k.set_exiting(task);
    k.task('other', F);
    // With a css_set of its own in the destination, a round of 0004 to 0006 makes and frees none.
    k.task('resident', D);
    return { F, D, task };
  },
  actors: ({ k, F, D, task }) => ({
    *transfer(cpu) {
      yield* k.cgroup_transfer_tasks(cpu, D, F);
    },
    exit: on(task, (cpu) => k.do_exit_from_mm(cpu)),
  }),
  properties: ({ k }) => allInvariants(k),
});
