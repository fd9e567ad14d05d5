// What the paths announce to properties, each at the step where the C function does the deed.
import type { Machine, MachineEvent } from '../../machine/index.js';
import type { cgroup } from './css-set.js';
import type { task_struct } from './task.js';

export interface Events {
  /** A walk over the threads of a process begins at its leader. */
  readonly walk_started: MachineEvent<{ leader: task_struct }>;
  /** The walk has come to a thread. */
  readonly walk_visits: MachineEvent<{ leader: task_struct; task: task_struct }>;
  /** cgroup_attach_proc() begins, under cgroup_mutex. */
  readonly attach_started: MachineEvent<{ leader: task_struct; to: cgroup }>;
  /** It has returned; cgroup_mutex is still held. */
  readonly attach_returned: MachineEvent<{ leader: task_struct; to: cgroup; ret: number }>;
  /** A callback of a subsystem was called for a task. */
  readonly task_called: MachineEvent<{
    subsys: string;
    callback: 'can_attach_task' | 'attach_task' | 'exit';
    task: task_struct;
  }>;
  /** A task was switched to another css_set. */
  readonly task_committed: MachineEvent<{ task: task_struct }>;
}

export function makeEvents(machine: Machine): Events {
  return {
    walk_started: machine.event('a walk over threads begins'),
    walk_visits: machine.event('a walk over threads visits one'),
    attach_started: machine.event('cgroup_attach_proc() called'),
    attach_returned: machine.event('cgroup_attach_proc() returned'),
    task_called: machine.event('a subsystem was called for a task'),
    task_committed: machine.event('a task was moved'),
  };
}
