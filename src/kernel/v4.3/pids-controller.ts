// The pids controller as a series of its own: 4.3, where it is new, and what was done to its hooks in fork and exit up
// to 5.1. Two of the patches are those of the series of seed 000, by the same names.
import { forkThreadgroup } from '../for-3.15/patches/fork-threadgroup.js';
import { threadgroupRwsem } from '../for-3.15/patches/threadgroup-rwsem.js';
import type { For315 } from '../for-3.15/for-3.15.js';
import type { LockName, Patch } from '../patch.js';
import { series, type Series } from '../series.js';
import { elisions } from './elisions.js';
import { noPidsFork } from './patches/no-pids-fork.js';
import { release } from './patches/release.js';
import { zombies } from './patches/zombies.js';
import { Pids } from './pids.js';

/** A patch of the older tree adds to whatever class it is given. */
const onPids = (patch: Patch<For315>): Patch<Pids> => patch as unknown as Patch<Pids>;

const locks: readonly LockName<Pids>[] = [
  'cgroup_mutex',
  'css_set_rwsem',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
  'group_rwsem',
];

export const pidsController: Series<Pids> = series('pids-controller', {
  about: 'The pids controller from 4.3 to 5.1, on the fork and exit paths of cgroup/for-3.15',
  era: Pids,
  patches: [
    {
      name: 'threadgroup-rwsem',
      commit: '1ed1328792ff',
      subject: 'replace signal_struct->group_rwsem with a global percpu_rwsem',
      mixin: onPids(threadgroupRwsem),
    },
    {
      name: 'zombies',
      commit: '2e91fa7f6d45',
      subject: 'keep zombies associated with their original cgroups (with afcf6c8b7544)',
      mixin: zombies,
    },
    {
      name: 'fork-threadgroup',
      commit: 'c9e75f0492b2',
      subject: 'pids: fix race between cgroup_post_fork() and cgroup_migrate()',
      mixin: onPids(forkThreadgroup),
    },
    {
      name: 'no-pids-fork',
      subject: 'pids: kill pids_fork(), simplify pids_can_fork() and pids_cancel_fork()',
      mixin: noPidsFork,
    },
    {
      name: 'release',
      commit: '51bee5abeab2',
      subject: 'turn cgroup_subsys->free() into cgroup_subsys->release() to fix the accounting',
      mixin: release,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
