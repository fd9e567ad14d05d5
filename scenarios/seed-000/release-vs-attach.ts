// The last task of a cgroup exits while somebody tries to move it: whoever drops the last reference has to tell.
import { allInvariants, directoryInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { on, scenario } from '../scenario.js';

export const releaseVsAttach = scenario({
  name: 'release-vs-attach',
  about: 'The release agent is not told: the last reference belonged to a migration.',
  source: 'a25eb52e81ed cgroup: remove CGRP_RELEASABLE flag (v3.18)',
  series: taskMigration,
  notOn: { 'v6.12': 'the release agent has no form of v6.12 in this model' },
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.set_notify_on_release(F);
    return { D, task: k.task('task', F), other: k.task('other') };
  },
  actors: ({ k, D, task, other }) => ({
    exit: on(task, (cpu) => k.do_exit(cpu)),
    attach: on(other, (cpu) => k.cgroup_file_write(cpu, k.dir(D), task, false)),
  }),
  properties: ({ k }) => [...allInvariants(k), ...directoryInvariants(k)],
});
