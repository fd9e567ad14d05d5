// How a process came to be moved as a whole, from v3.0 to v3.10: the fixes of cgroup_attach_proc() and of what it
// needs from exit and exec, in order.
import type { LockName } from '../patch.js';
import { series, type Series } from '../series.js';
import { elisions } from './elisions.js';
import { attachIfMoved } from './patches/attach-if-moved.js';
import { extendThreadgroupLock } from './patches/extend-threadgroup-lock.js';
import { liveTasksOnly } from './patches/live-tasks-only.js';
import { keepsGroupRwsem } from './patches/keeps-group-rwsem.js';
import { lockVerifyRetry } from './patches/lock-verify-retry.js';
import { noCredGuard } from './patches/no-cred-guard.js';
import { prefetchExiting } from './patches/prefetch-exiting.js';
import { tasklistLock } from './patches/tasklist-lock.js';
import { withoutSizeCheck } from './patches/without-size-check.js';
import { V31 } from './v3.1.js';

const locks: readonly LockName<V31>[] = [
  'cgroup_mutex',
  'css_set_lock',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
  'group_rwsem',
  'cred_guard_mutex',
  'i_mutex',
];

/** The rung `base` is v3.0; the last two patches are no part of the history, but questions to ask of it. */
export const threadgroups: Series<V31> = series('threadgroups', {
  about: 'Moving a whole process while its threads exit and execute: v3.0 to v3.10',
  era: V31,
  patches: [
    {
      name: 'tasklist-lock',
      commit: '33ef6b698440',
      subject: 'more safe tasklist locking in cgroup_attach_proc',
      mixin: tasklistLock,
    },
    {
      name: 'attach-if-moved',
      subject: "don't attach task to subsystem if migration failed",
      mixin: attachIfMoved,
    },
    {
      name: 'prefetch-exiting',
      commit: 'e0197aae59e5',
      subject: 'fix a css_set not found bug in cgroup_attach_proc',
      mixin: prefetchExiting,
    },
    {
      name: 'extend-threadgroup-lock',
      commit: '77e4ef99d1c5',
      subject: 'extend threadgroup_lock() to cover exit and exec',
      mixin: extendThreadgroupLock,
    },
    {
      name: 'live-tasks-only',
      commit: 'cd3d09527537',
      subject: 'always lock threadgroup during migration',
      mixin: liveTasksOnly,
    },
    {
      name: 'lock-verify-retry',
      commit: 'b78949ebfb56',
      subject: 'simplify double-check locking in cgroup_attach_proc',
      mixin: lockVerifyRetry,
    },
    {
      name: 'no-cred-guard',
      commit: 'e56fb2874015',
      subject: 'do not abuse ->cred_guard_mutex in threadgroup_lock()',
      mixin: noCredGuard,
    },
    {
      name: 'keeps-group-rwsem',
      subject: 'not upstream: de_thread() sleeps with group_rwsem in hand',
      mixin: keepsGroupRwsem,
    },
    {
      name: 'without-size-check',
      subject: 'not upstream: the walk over threads without its BUG_ON()',
      mixin: withoutSizeCheck,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
