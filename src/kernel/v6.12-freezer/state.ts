// What the freezer of cgroup v2 keeps: struct cgroup_freezer_state with two bits of cgrp->flags, and two of a task.
import type { Cell, Memory } from '../../machine/index.js';
import { showBits } from '../bits.js';
import { Struct } from '../struct.js';

export const CGRP_FREEZE = 1;
export const CGRP_FROZEN = 2;

export class cgroup_freezer_state extends Struct {
  /** CGRP_FREEZE and CGRP_FROZEN of cgrp->flags; the other bits are in a word of their own here. */
  readonly flags: Cell<number>;
  readonly nr_frozen_tasks: Cell<number>;

  constructor(memory: Memory) {
    super(memory);
    const show = showBits([CGRP_FREEZE, 'CGRP_FREEZE'], [CGRP_FROZEN, 'CGRP_FROZEN']);
    this.flags = memory.cell<number>('flags', 0, show);
    this.nr_frozen_tasks = memory.cell('nr_frozen_tasks', 0);
  }
}

export class task_freezer_state extends Struct {
  /** task->frozen: counted in nr_frozen_tasks of its group. */
  readonly frozen: Cell<boolean>;
  /** JOBCTL_TRAP_FREEZE of task->jobctl. */
  readonly trap_freeze: Cell<boolean>;

  constructor(memory: Memory) {
    super(memory);
    this.frozen = memory.cell<boolean>('frozen', false);
    this.trap_freeze = memory.cell<boolean>('trap_freeze', false);
  }
}
