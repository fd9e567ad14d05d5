// The release agent is started while the cgroup gets a task again, and loses it again: it may be told twice, and never too seldom.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const releaseVsReentry = scenario({
  name: 'release-vs-reentry',
  about: 'A task enters and leaves a cgroup while the release agent is told of it.',
  source: 'kernel/cgroup.c, v3.15',
  series: taskMigration,
  notOn: { 'v6.12': 'the release agent has no form of v6.12 in this model' },
  inLadder: false,
  setup: (k) => {
    const F = k.mkdir('/F');
    k.set_notify_on_release(F);
    k.release_agent((cpu, kn) => k.vfs_rmdir(cpu, kn));
    return { F, task: k.task('task', F), late: k.task('late') };
  },
  actors: ({ k, F, task, late }) => ({
    exit: on(task, (cpu) => k.do_exit(cpu)),
    late: on(late, function* (cpu) {
      yield* k.cgroup_file_write(cpu, k.dir(F), late, false);
      yield* k.do_exit(cpu);
    }),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
