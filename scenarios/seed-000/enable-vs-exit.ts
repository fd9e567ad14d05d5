// The first mount puts every task on the list of its css_set while one of them exits. Without the siglock fix only
// what exit does in between keeps them apart: sections of task_lock that have nothing to do with cgroups.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const enableVsExit = scenario({
  name: 'enable-vs-exit',
  about: 'A thread exits while the first mount links all tasks, and stays linked.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    k.before_first_mount();
    const leader = k.task('leader');
    return { leader, thread: k.thread(leader, 'thread') };
  },
  actors: ({ k, thread }) => ({
    *mount(cpu) {
      yield* k.cgroup_mount(cpu);
    },
    exit: on(thread, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k }) => allInvariants(k),
});
