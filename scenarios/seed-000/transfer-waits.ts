// R08 without a lock: since e406d1cfff6a the transfer goes round on a task that it will not move, also where that can
// go on. The scan of v3.14 passed over it, as it never came back to a task.
import { transferComesToNobodyTwice } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const transferWaits = scenario({
  name: 'transfer-waits',
  about: 'A transfer picks an exiting task, moves nothing, and picks it again until it has left.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const task = k.task('task', F);
    k.set_exiting(task);
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
  properties: ({ k }) => [transferComesToNobodyTwice(k)],
});
