// What the paths announce to properties, each at the step where the C function does the deed.
import type { Machine, MachineEvent } from '../../machine/index.js';
import type { cgroup_subsys_state } from './css.js';
import type { cgroup, css_set } from './css-set.js';
import type { cgroup_subsys } from './subsystem.js';
import type { task_struct } from './task.js';
import type { cgroup_taskset } from './taskset.js';

/** What a subsystem can be called for. */
export type Callback =
  | 'can_attach'
  | 'cancel_attach'
  | 'attach'
  | 'can_fork'
  | 'cancel_fork'
  | 'fork'
  | 'exit'
  | 'free'
  | 'release';

export interface Events {
  /** cgroup_post_fork() has returned. */
  readonly post_fork_done: MachineEvent<{ child: task_struct; parent: task_struct }>;
  /** copy_process() gives up; the child is about to be freed. */
  readonly fork_failed: MachineEvent<{ child: task_struct; parent: task_struct; ret: number }>;
  /** A task was put on the list of a css_set for the first time. */
  readonly task_linked: MachineEvent<{ task: task_struct; cset: css_set; by: 'fork' | 'enable' }>;
  /** cgroup_task_migrate() has switched a task; both css_sets still exist. */
  readonly task_committed: MachineEvent<{ task: task_struct; from: css_set; to: css_set }>;
  /** cgroup_attach_task() begins for one hierarchy, under cgroup_mutex. */
  readonly attach_started: MachineEvent<{
    task: task_struct;
    to: cgroup;
    threadgroup: boolean;
  }>;
  /** It has returned; cgroup_mutex is still held. */
  readonly attach_returned: MachineEvent<{
    task: task_struct;
    to: cgroup;
    threadgroup: boolean;
    ret: number;
  }>;
  /** cgroup_attach_task_all() begins; `task` is to join the cgroups of `from`. */
  readonly attach_all_started: MachineEvent<{ from: task_struct; task: task_struct }>;
  /** It has returned; cgroup_mutex is still held. */
  readonly attach_all_returned: MachineEvent<{
    from: task_struct;
    task: task_struct;
    ret: number;
  }>;
  /** In v6.12, where a walk goes without the lock between two tasks: it begins. `by` is the thread that walks. */
  readonly walk_started: MachineEvent<{ cgrp: cgroup; by: string }>;
  /** Somebody has read the tasks of a cgroup. Without walk_started nothing can have changed since the walk began. */
  readonly tasks_listed: MachineEvent<{ cgrp: cgroup; tasks: readonly task_struct[]; by: string }>;
  /** In v6.12: somebody has read cgroup.procs. */
  readonly procs_listed: MachineEvent<{
    cgrp: cgroup;
    leaders: readonly task_struct[];
    by: string;
  }>;
  /** In v6.12: whoever is in the cgroup from here on, or is forked by somebody who is, is to get SIGKILL. */
  readonly kill_started: MachineEvent<{ cgrp: cgroup }>;
  /** cgroup_transfer_tasks() has picked a task that it is going to move, or to pass over. */
  readonly transfer_picked: MachineEvent<{ from: cgroup; task: task_struct }>;
  readonly transfer_started: MachineEvent<{ from: cgroup; to: cgroup }>;
  /** From 0007 on cgroup_mutex is still held here. */
  readonly transfer_returned: MachineEvent<{ from: cgroup; to: cgroup; ret: number }>;
  /** cgroup_exit() is past the only place where an exiting task is taken off its list. */
  readonly exit_unlinked: MachineEvent<{ task: task_struct; wasLinked: boolean }>;
  /** cgroup_exit() is over. */
  readonly cgroup_exit_done: MachineEvent<{ task: task_struct }>;
  /** The task is off the tasklist; its memory goes with its last reference. */
  readonly task_released: MachineEvent<{ task: task_struct }>;
  /** The last reference is gone; the memory is about to be freed. */
  readonly css_set_freed: MachineEvent<{ cset: css_set }>;
  /** A callback of the migration is about to be called; properties ask targetsOf() what it is shown. */
  readonly subsys_calls: MachineEvent<{
    ss: cgroup_subsys;
    callback: 'can_attach' | 'cancel_attach' | 'attach';
    to: cgroup;
    tset: cgroup_taskset;
  }>;
  /** A new css_set stands for the cgroup; css_set_rwsem is held. */
  readonly css_set_linked: MachineEvent<{ cset: css_set; cgrp: cgroup }>;
  /** CGRP_DEAD was set; cgroup_mutex is still held. */
  readonly cgroup_died: MachineEvent<{ cgrp: cgroup }>;
  /** cgroup_destroy_locked() has returned; cgroup_mutex is held. */
  readonly rmdir_decided: MachineEvent<{ cgrp: cgroup; ret: number }>;
  /** The memory is about to be freed. */
  readonly cgroup_freed: MachineEvent<{ cgrp: cgroup }>;
  /** css_offline() is about to be called; cgroup_mutex is held. */
  readonly css_offlined: MachineEvent<{ css: cgroup_subsys_state }>;
  readonly css_freed: MachineEvent<{ css: cgroup_subsys_state }>;
  /** The path of the cgroup was taken for the release agent; cgroup_mutex is held. */
  readonly release_agent_chosen: MachineEvent<{ cgrp: cgroup }>;
  /** It cannot be told of the cgroup: an allocation failed. */
  readonly release_agent_failed: MachineEvent<{ cgrp: cgroup }>;
  /** The release agent is started; no lock is held. */
  readonly release_agent_called: MachineEvent<{ cgrp: cgroup }>;
  /** A callback of a subsystem has returned. `ret` is 0 for those that return nothing. */
  readonly subsys_called: MachineEvent<{
    subsys: string;
    callback: Callback;
    ret: number;
  }>;
}

export function makeEvents(machine: Machine): Events {
  return {
    post_fork_done: machine.event('cgroup_post_fork() done'),
    fork_failed: machine.event('copy_process() failed'),
    task_linked: machine.event('a task was linked'),
    task_committed: machine.event('a task was moved'),
    attach_started: machine.event('cgroup_attach_task() called'),
    attach_returned: machine.event('cgroup_attach_task() returned'),
    attach_all_started: machine.event('cgroup_attach_task_all() called'),
    attach_all_returned: machine.event('cgroup_attach_task_all() returned'),
    walk_started: machine.event('css_task_iter_start() called'),
    tasks_listed: machine.event('the tasks of a cgroup were listed'),
    procs_listed: machine.event('cgroup.procs was read'),
    kill_started: machine.event('cgroup.kill is written'),
    transfer_picked: machine.event('cgroup_transfer_tasks() has picked a task'),
    transfer_started: machine.event('cgroup_transfer_tasks() called'),
    transfer_returned: machine.event('cgroup_transfer_tasks() returned'),
    exit_unlinked: machine.event('cgroup_exit() is past unlinking'),
    cgroup_exit_done: machine.event('cgroup_exit() done'),
    task_released: machine.event('release_task() done'),
    css_set_freed: machine.event('a css_set is freed'),
    subsys_calls: machine.event('a subsystem is called'),
    css_set_linked: machine.event('a css_set was linked'),
    cgroup_died: machine.event('CGRP_DEAD was set'),
    rmdir_decided: machine.event('cgroup_destroy_locked() returned'),
    cgroup_freed: machine.event('a cgroup is freed'),
    css_offlined: machine.event('a css goes offline'),
    css_freed: machine.event('a css is freed'),
    release_agent_chosen: machine.event('the release agent is to run'),
    release_agent_failed: machine.event('the release agent cannot be told'),
    release_agent_called: machine.event('the release agent is started'),
    subsys_called: machine.event('a subsystem was called'),
  };
}
