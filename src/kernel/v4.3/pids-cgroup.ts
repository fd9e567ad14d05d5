// struct pids_cgroup: how many tasks a cgroup and its descendants have, and how many they may fork.
import type { Cell, MachineEvent, Memory } from '../../machine/index.js';
import { Struct } from '../struct.js';
import type { task_struct } from '../for-3.15/task.js';

/** PID_MAX_LIMIT + 1: what `max` stands for. */
export const PIDS_MAX = 4 * 1024 * 1024 + 1;

export class pids_cgroup extends Struct {
  readonly counter: Cell<number>;
  readonly limit: Cell<number>;
  /** css.parent, which never changes; undefined for the root, which is not counted. */
  readonly parent: pids_cgroup | undefined;

  constructor(memory: Memory, parent: pids_cgroup | undefined) {
    super(memory);
    this.counter = memory.cell('counter', 0);
    this.limit = memory.cell('limit', PIDS_MAX);
    this.parent = parent;
  }
}

/** What pids_can_fork() leaves for the end of the fork, in copy_process()'s cgrp_ss_priv. */
export class pids_fork_priv extends Struct {
  readonly css: Cell<pids_cgroup | undefined>;

  constructor(memory: Memory) {
    super(memory);
    this.css = memory.cell<pids_cgroup | undefined>('cgrp_ss_priv', undefined);
  }
}

/** What the controller announces to properties. No step. */
export interface PidsEvents {
  /** pids_can_fork() has let a child pass: the child has a charge now. */
  readonly pids_charged: MachineEvent<{ task: task_struct }>;
  /** The charge of a task was returned, by a fork that failed or by its end. */
  readonly pids_uncharged: MachineEvent<{ task: task_struct }>;
  /** pids_try_charge() has refused, for the limit of `by`; its own attempt is not taken back yet. */
  readonly pids_refused: MachineEvent<{ by: pids_cgroup }>;
  /** pids_charge() has charged without looking at the limit. */
  readonly pids_forced: MachineEvent<{ to: pids_cgroup }>;
}
