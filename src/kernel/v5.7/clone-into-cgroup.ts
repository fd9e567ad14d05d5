// CLONE_INTO_CGROUP as a series: the commit that brought it, taken apart into what keeps the cgroup alive.
import type { Elision } from '../elision.js';
import { cgroupToday } from '../for-3.15/today.js';
import { series, type Series } from '../series.js';
import { CloneInto } from './clone-into.js';
import { cgroupMutex } from './patches/cgroup-mutex.js';
import { deadTest } from './patches/dead-test.js';

const earlier = cgroupToday.elisions as unknown as readonly Elision<CloneInto>[];

const elisions: readonly Elision<CloneInto>[] = [
  ...earlier.filter(({ id }) => id !== 'clone-into-cgroup'),
  {
    id: 'clone3-permissions',
    path: 'cgroup_css_set_fork',
    between: ['the cgroup is known', 'find_css_set'],
    leavesOut: 'fget_raw() and fput(), cgroup_may_write() and cgroup_attach_permissions()',
    locks: ['css_set_lock'],
  },
  {
    id: 'rmdir-of-v3.15',
    path: 'cgroup_destroy_locked',
    between: ['CGRP_DEAD is set', 'rmdir returns'],
    leavesOut:
      'that the css_sets of a dead cgroup are marked, and that cgroup_mutex is held throughout since v3.16',
    locks: ['css_set_lock'],
  },
  {
    id: 'css_release_work_fn',
    path: 'cgroup_put',
    between: ['the last reference', 'the grace period'],
    leavesOut: 'the work item that takes cgroup_mutex for the idr, and the percpu_ref',
    locks: ['cgroup_mutex'],
  },
];

export const cloneIntoCgroup: Series<CloneInto> = series('clone-into-cgroup', {
  about: 'clone3() with CLONE_INTO_CGROUP (v5.7) against rmdir, on fork and migration of v6.12',
  era: CloneInto,
  patches: [
    {
      name: 'dead-test',
      subject: 'half of ef2c41cf38a7: a dead cgroup is refused, but cgroup_mutex is not kept',
      mixin: deadTest,
    },
    {
      name: 'cgroup-mutex',
      commit: 'ef2c41cf38a7',
      subject: 'clone3: allow spawning processes into cgroups',
      mixin: cgroupMutex,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks: cgroupToday.locks,
});
