// What the siglock fix does not reach: a task that is alone in its thread group sets PF_EXITING without siglock. Up
// to 0005 task_lock still keeps it apart from the first mount; 0006 drops that.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const enableVsLoneExit = scenario({
  name: 'enable-vs-lone-exit',
  about: 'A process of one thread exits while the first mount links all tasks, and stays linked.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    k.before_first_mount();
    return { lone: k.task('lone') };
  },
  actors: ({ k, lone }) => ({
    *mount(cpu) {
      yield* k.cgroup_mount(cpu);
    },
    exit: on(lone, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k }) => allInvariants(k),
});
