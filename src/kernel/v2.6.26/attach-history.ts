// What became of fork, exit, attach and the lists of tasks between v2.6.25 and v3.14: the fixes that closed a race,
// knowingly or not, in the order in which they were merged.
import type { LockName } from '../patch.js';
import { series, type Series } from '../series.js';
import { elisions } from './elisions.js';
import { cgroupFromLinks } from './patches/cgroup-from-links.js';
import { freeByRcu } from './patches/free-by-rcu.js';
import { holdOldCssSet } from './patches/hold-old-css-set.js';
import { iterByLink } from './patches/iter-by-link.js';
import { lockPostFork } from './patches/lock-post-fork.js';
import { putUnderLock } from './patches/put-under-lock.js';
import { readLockLookup } from './patches/read-lock-lookup.js';
import { siglock } from './patches/siglock.js';
import { testExiting } from './patches/test-exiting.js';
import { unlinkInit } from './patches/unlink-init.js';
import { walkTasklist } from './patches/walk-tasklist.js';
import { V2626 } from './v2.6.26.js';

const locks: readonly LockName<V2626>[] = [
  'cgroup_mutex',
  'css_set_lock',
  'tasklist_lock',
  'release_list_lock',
  'alloc_lock',
  'siglock',
];

const upTo2628 = ['test-exiting', 'read-lock-lookup', 'put-under-lock'];
const upTo2629 = [...upTo2628, 'lock-post-fork', 'iter-by-link', 'hold-old-css-set'];
const upTo2632 = [...upTo2629, 'cgroup-from-links', 'free-by-rcu'];

/**
 * The rung `base` is v2.6.26. A later rung is named after the first release that had all fixes up to it; what else
 * changed in these functions by then, as named hierarchies, is not in it.
 */
export const attachHistory: Series<V2626> = series('attach-history', {
  about: 'Attach, fork and exit from v2.6.25 to v3.14, as far as a fix closed a race',
  era: V2626,
  patches: [
    {
      name: 'test-exiting',
      commit: '0e04388f0189',
      subject: 'fix a race condition in manipulating tsk->cg_list',
      mixin: testExiting,
    },
    {
      name: 'read-lock-lookup',
      commit: '7e9abd89cbdf',
      subject: 'use read lock to guard find_existing_css_set()',
      mixin: readLockLookup,
    },
    {
      name: 'put-under-lock',
      commit: '146aa1bd0511',
      subject: 'fix probable race with put_css_set[_taskexit] and find_css_set',
      mixin: putUnderLock,
    },
    {
      name: 'lock-post-fork',
      commit: 'b12b533fa523',
      subject: 'add lock for child->cgroups in cgroup_post_fork()',
      mixin: lockPostFork,
    },
    {
      name: 'iter-by-link',
      commit: '2019f634ce59',
      subject: 'fix cgroup_iter_next() bug',
      mixin: iterByLink,
    },
    {
      name: 'hold-old-css-set',
      commit: '77efecd9e052',
      subject: 'call find_css_set() safely in cgroup_attach_task()',
      mixin: holdOldCssSet,
    },
    {
      name: 'cgroup-from-links',
      commit: '7717f7ba92de',
      subject: 'add a back-pointer from struct cg_cgroup_link to struct cgroup',
      mixin: cgroupFromLinks,
    },
    {
      name: 'free-by-rcu',
      commit: 'c378369d8b4f',
      subject: 'change css_set freeing mechanism to be under RCU',
      mixin: freeByRcu,
    },
    {
      name: 'unlink-init',
      subject: 'list_del_init() in cgroup_exit(), between v2.6.34 and v2.6.39',
      mixin: unlinkInit,
    },
    {
      name: 'walk-tasklist',
      commit: '3ce3230a0cff',
      subject: 'walk task list under tasklist_lock in cgroup_enable_task_cg_list',
      mixin: walkTasklist,
    },
    {
      name: 'siglock',
      commit: '532de3fc72ad',
      subject: 'update cgroup_enable_task_cg_lists() to grab siglock',
      mixin: siglock,
    },
  ],
  rungs: {
    'v2.6.25': [],
    base: ['test-exiting'],
    'v2.6.28': upTo2628,
    'v2.6.29': upTo2629,
    'v2.6.32': upTo2632,
    'v2.6.39': [...upTo2632, 'unlink-init'],
  },
  elisions,
  locks,
});
