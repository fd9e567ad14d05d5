// R10: a child that is on the tasklist can be named by its pid before cgroup_post_fork() has linked it. From 0005 on
// the migration path leaves such a child alone and says 0; it ends up with its parent.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const attachVsFork = scenario({
  name: 'attach-vs-fork',
  about: 'A child is moved by its pid while it is half forked: nothing is moved, and 0 returned.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => ({ D: k.mkdir('/D'), F: k.mkdir('/F'), parent: k.task('parent', '/F') }),
  actors: ({ k, D, parent }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *attach(cpu) {
      const child = yield* k.youngest_process(cpu);
      if (child === undefined || child === parent) return;
      yield* k.attach_task_by_pid(cpu, D, child, false);
    },
  }),
  properties: ({ k }) => allInvariants(k),
});
