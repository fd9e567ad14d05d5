// What the paths of this era leave out, and which leave nothing out.
import type { Elision } from '../elision.js';
import type { V44 } from './v4.4.js';

export const elisions: readonly Elision<V44>[] = [
  {
    id: 'css_set-free',
    path: 'put_css_set_locked',
    between: ['the last reference', 'kfree'],
    leavesOut: 'links, controllers, the release agent, and the grace period of kfree_rcu()',
    locks: [],
  },
  {
    id: 'dl_task_timer-rq',
    path: 'dl_task_timer',
    between: ['the interrupt', 'put_task_struct'],
    leavesOut: 'the runqueue, and the task being put on it again',
    locks: ['pi_lock', 'rq_lock'],
  },
  {
    id: 'iterator',
    path: 'count_tasks',
    between: ['css_set_lock is taken', 'css_set_lock is dropped'],
    leavesOut: 'that the iterator drops the lock between two tasks, and mg_tasks',
    locks: [],
  },
  {
    id: 'fork-rest',
    path: 'copy_process',
    between: ['kmalloc', 'return'],
    leavesOut: 'everything copied, siglock, cgroup_threadgroup_rwsem, controllers',
    locks: ['siglock'],
  },
  {
    id: 'do_wait-rest',
    path: 'do_wait',
    between: ['tasklist_lock is taken', 'tasklist_lock is dropped'],
    leavesOut: 'the children, and sleeping until one has exited',
    locks: [],
  },
  {
    id: 'enable-threads',
    path: 'link_all',
    between: ['tasklist_lock is taken', 'tasklist_lock is dropped'],
    leavesOut: 'threads other than leaders',
    locks: [],
  },
  {
    id: 'put_task_struct-rest',
    path: 'put_task_struct',
    between: ['the last reference', 'kfree'],
    leavesOut: 'credentials, signal_struct',
    locks: [],
  },
];

/** Paths that do all that their C function does on the state of this model, or that are no C function. */
export const leaveNothingOut44: readonly string[] = [
  'cgroup_enable_task_cg_lists',
  'cgroup_post_fork',
  'get_css_set',
  'lock_css_sets',
  'lock_sighand',
  'put_css_set',
  'unlock_css_sets',
  'unlock_sighand',
];
