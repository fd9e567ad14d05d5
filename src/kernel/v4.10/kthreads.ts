// Kernel threads against attach: what keeps those that are bound to a CPU in the root cgroup.
import type { Elision } from '../elision.js';
import { series, type Series } from '../series.js';
import { noMigration } from './patches/no-migration.js';
import { refuseBound } from './patches/refuse-bound.js';
import { V410 } from './v4.10.js';

const elisions: readonly Elision<V410>[] = [
  {
    id: 'kthread-fork',
    path: 'kthreadd',
    between: ['the request', 'the child runs'],
    leavesOut: 'the fork, of which the cgroup and the pid are left',
    locks: ['tasklist_lock', 'cgroup_threadgroup_rwsem'],
  },
  {
    id: 'kthread-attach',
    path: 'attach_task_by_pid',
    between: ['cgroup_mutex is taken', 'cgroup_mutex is dropped'],
    leavesOut: 'cgroup_threadgroup_rwsem, controllers, css_sets and their references',
    locks: ['cgroup_threadgroup_rwsem'],
  },
  {
    id: 'kthread_bind-rest',
    path: 'kthread_create_on_cpu',
    between: ['the child is set up', 'it is woken'],
    leavesOut: 'the CPU mask, and pi_lock around it and the flag',
    locks: ['pi_lock'],
  },
];

export const kthreads: Series<V410> = series('kthreads', {
  about: 'Kernel threads against attach: v3.5 to v4.11',
  era: V410,
  patches: [
    {
      name: 'refuse-bound',
      commit: 'c4c27fbdda4e',
      subject: 'disallow attaching kthreadd or PF_THREAD_BOUND tasks',
      mixin: refuseBound,
    },
    {
      name: 'no-migration',
      commit: '77f88796cee8',
      subject: 'close race window where new kthreads can be migrated to non-root cgroups',
      mixin: noMigration,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks: ['cgroup_mutex', 'css_set_lock'],
});
