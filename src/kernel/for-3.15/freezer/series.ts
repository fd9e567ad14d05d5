// The freezer as a subscriber of fork: a series of one fix. The functions of the freezer are those of v3.15.5, the fork
// path that of cgroup/for-3.15 with the callbacks where they were until 2012.
import type { Elision } from '../../elision.js';
import type { LockName } from '../../patch.js';
import { series, type Series } from '../../series.js';
import { elisions as earlier } from '../elisions.js';
import { EarlyFork, forkAfterLink } from './order-of-2012.js';

const locks: readonly LockName<EarlyFork>[] = [
  'cgroup_mutex',
  'css_set_rwsem',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
  'group_rwsem',
  'freezer_mutex',
  'freezer_lock',
];

const elisions: readonly Elision<EarlyFork>[] = [
  ...(earlier as unknown as readonly Elision<EarlyFork>[]),
  {
    id: 'freezer-descendants',
    path: 'freezer_write',
    between: ['freezer_mutex is taken', 'freezer_mutex is dropped'],
    leavesOut: 'the descendants of the cgroup, which has none here, and CGROUP_FREEZER_ONLINE',
    locks: [],
  },
  {
    id: 'freezer-sleep',
    path: 'try_to_freeze',
    between: ['PF_FROZEN is set', 'return'],
    leavesOut: 'the sleep of a frozen task: nobody thaws it in these scenarios',
    locks: ['freezer_lock'],
  },
  {
    id: 'freezer-others',
    path: 'freezing',
    between: ['system_freezing_cnt is read', 'return'],
    leavesOut: 'suspend, PF_NOFREEZE, kernel threads and PF_FREEZER_SKIP',
    locks: [],
  },
];

export const cgroupFreezer: Series<EarlyFork> = series('cgroup-freezer', {
  about: 'The cgroup freezer of v3.15, told of forks as in 2012 and as since',
  era: EarlyFork,
  patches: [
    {
      name: 'fork-after-link',
      commit: '5edee61edeaa',
      subject: 'cgroup_subsys->fork() should be called after the task is added to css_set',
      mixin: forkAfterLink,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
