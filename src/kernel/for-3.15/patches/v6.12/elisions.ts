// What the paths that only v6.12 has leave out.
import type { Elision } from '../../../elision.js';
import type { For315 } from '../../for-3.15.js';

export const inToday: readonly Elision<For315>[] = [
  {
    id: 'sched_cgroup_fork',
    path: 'cgroup_can_fork',
    between: ['cgroup_can_fork', 'tasklist_lock is taken'],
    leavesOut: 'sched_cgroup_fork(), which places the child in the task group of its css_set',
    locks: ['pi_lock'],
  },
  {
    id: 'clone-into-cgroup',
    path: 'cgroup_css_set_fork',
    between: ['the css_set of the parent is pinned', 'can_fork'],
    leavesOut: 'CLONE_INTO_CGROUP: a child is always forked into the cgroups of its parent',
    locks: ['cgroup_mutex', 'css_set_lock'],
  },
  {
    id: 'freeze',
    path: 'css_set_move_task',
    between: ['css_set_lock is taken', 'css_set_lock is dropped'],
    leavesOut: 'the freezer of the default hierarchy; pressure states (CONFIG_PSI)',
    locks: ['siglock'],
  },
  {
    id: 'populated-ancestors',
    path: 'css_set_update_populated',
    between: ['the count of the cgroup', 'return'],
    leavesOut: 'the counts of ancestors, the release agent and the notification of cgroup.events',
    locks: ['release_list_lock'],
  },
  {
    id: 'threaded-css_sets',
    path: 'css_task_iter_next_css_set',
    between: ['the css_set is known', 'its lists are looked at'],
    leavesOut: 'threaded css_sets, and the walk over those of one controller alone',
    locks: [],
  },
  {
    id: 'attach-hotplug',
    path: 'cgroup_migrate_execute',
    between: ['cgroup_mutex is taken', 'cgroup_mutex is dropped'],
    leavesOut:
      'cpus_read_lock() around all of it, the mask of subsystems that see a difference, post_attach()',
    locks: [],
  },
  {
    id: 'thread_head',
    path: 'cgroup_release',
    between: ['do_exit', 'release_task'],
    leavesOut:
      'that threads are on signal->thread_head since v6.7, deadline tasks, and that PREEMPT_RT frees a task by RCU',
    locks: [],
  },
  {
    id: 'send_sigkill-queue',
    path: 'send_sigkill',
    between: ['siglock is taken', 'siglock is dropped'],
    leavesOut: 'the queue of signals, masks, waking up',
    locks: [],
  },
  {
    id: 'kill-descendants',
    path: 'cgroup_kill_write',
    between: ['cgroup_mutex is taken', 'cgroup_mutex is dropped'],
    leavesOut: 'descendants of the cgroup, and that threaded and dead cgroups refuse',
    locks: ['css_set_lock'],
  },
];

export const leaveNothingOutToday: readonly string[] = [
  'cgroup_cancel_fork',
  'cgroup_css_set_put_fork',
  '__cgroup_kill',
  'cgroup_migrate_add_task',
  'cgroup_procs_show',
  'css_set_populated',
  'css_set_skip_task_iters',
  'css_task_iter_advance',
  'css_task_iter_advance_css_set',
  'css_task_iter_step',
  'css_task_iter_turn_to',
  'dfl_cgrp',
  'finish_cset',
  'init_mgctx',
  'is_killed',
  'kill_processes',
  'sample_kill',
];
