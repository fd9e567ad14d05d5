// R09: cgroup_transfer_tasks() takes no threadgroup lock, so a task can begin to exit after the migration path has
// looked at PF_EXITING, while can_attach() sleeps: attach() then misses a task that can_attach() has charged.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';
import { charging } from './subsystems.js';

export const transferVsExit = scenario({
  name: 'transfer-vs-exit',
  about: 'A task exits while it is being transferred, between can_attach() and attach().',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.subsystem(charging());
    // With a css_set of its own in the destination, a round of 0004 to 0006 makes and frees none.
    k.task('resident', D);
    return { F, D, task: k.task('task', F) };
  },
  actors: ({ k, F, D, task }) => ({
    *transfer(cpu) {
      yield* k.cgroup_transfer_tasks(cpu, D, F);
    },
    exit: on(task, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k }) => allInvariants(k),
});
