// What the paths announce to properties, each at the step where the C function does the deed.
import type { Machine, MachineEvent } from '../../machine/index.js';
import type { cgroup, css_set } from './css-set.js';
import type { task_struct } from './task.js';

export interface Events {
  /** cgroup_post_fork() has returned. */
  readonly post_fork_done: MachineEvent<{ child: task_struct; parent: task_struct }>;
  /** copy_process() gives up; the child is about to be freed. */
  readonly fork_failed: MachineEvent<{ child: task_struct; parent: task_struct; ret: number }>;
  /** A task was put on the list of a css_set for the first time. */
  readonly task_linked: MachineEvent<{ task: task_struct; cset: css_set; by: 'fork' | 'enable' }>;
  /** cgroup_attach_task() has switched the pointer; the list follows, and both css_sets still exist. */
  readonly task_committed: MachineEvent<{ task: task_struct; from: css_set; to: css_set }>;
  /** cgroup_attach_task() begins, under cgroup_mutex. */
  readonly attach_started: MachineEvent<{ task: task_struct; to: cgroup }>;
  /** It has returned; cgroup_mutex is still held. */
  readonly attach_returned: MachineEvent<{ task: task_struct; to: cgroup; ret: number }>;
  /** cgroup_exit() is past the only place where an exiting task is taken off its list. */
  readonly exit_unlinked: MachineEvent<{ task: task_struct; wasLinked: boolean }>;
  /** cgroup_exit() is over. */
  readonly cgroup_exit_done: MachineEvent<{ task: task_struct }>;
  /** The task is off the tasklist; its memory goes with its last reference. */
  readonly task_released: MachineEvent<{ task: task_struct }>;
  /** The last reference is gone; the memory is about to be freed. */
  readonly css_set_freed: MachineEvent<{ cset: css_set }>;
  /** The release agent is to be told of the cgroup. */
  readonly release_queued: MachineEvent<{ cgrp: cgroup }>;
  /** A callback of a subsystem has returned. `ret` is 0 for those that return nothing. */
  readonly subsys_called: MachineEvent<{
    subsys: string;
    callback: 'can_attach' | 'attach' | 'fork' | 'exit';
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
    exit_unlinked: machine.event('cgroup_exit() is past unlinking'),
    cgroup_exit_done: machine.event('cgroup_exit() done'),
    task_released: machine.event('release_task() done'),
    css_set_freed: machine.event('a css_set is freed'),
    release_queued: machine.event('a release is to be told'),
    subsys_called: machine.event('a subsystem was called'),
  };
}
