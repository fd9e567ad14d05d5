// R08 as it was reported in 2018: the transfer runs in a work item, an exiting task drops its mount namespace and waits for
// an expedited grace period, and that is a work item of the same CPU, behind the transfer. It is a work item from v4.10
// on; what the rungs of 2014 answer here is what they would have done then. No lock is in the cycle.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { at, on, scenario } from '../scenario.js';

export const transferVsExpedited = scenario({
  name: 'transfer-vs-expedited',
  about: 'A transfer waits for an exiting task, which waits for work that is queued behind it.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 1,
  setup: (k, m) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    // A worker that does not sleep keeps the others of its CPU from starting: one item at a time.
    const system_wq = m.workqueue('system_wq', { maxActive: 1 });
    const wait_rcu_exp_gp = m.work('wait_rcu_exp_gp', function* () {
      // The grace period itself is left out: nobody is in a read section.
    });
    const task = k.task('task', F);
    k.set_exiting(task);
    k.set_exit_work(task, system_wq, wait_rcu_exp_gp);
    k.task('resident', D);
    const cpuset_hotplug_work = m.work('cpuset_hotplug_work', (cpu) =>
      k.cgroup_transfer_tasks(cpu as never, D, F),
    );
    return { system_wq, cpuset_hotplug_work, task };
  },
  actors: ({ k, system_wq, cpuset_hotplug_work, task }) => ({
    hotplug: at(0, function* (cpu) {
      yield* cpu.queue_work(system_wq, cpuset_hotplug_work);
    }),
    exit: at(
      0,
      on(task, (cpu) => k.do_exit_from_mm(cpu)),
    ),
  }),
  properties: ({ k }) => allInvariants(k),
});
