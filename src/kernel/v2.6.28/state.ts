// struct freezer of 2.6.28, and the flag of a task that is in the refrigerator.
import type { Cell, Memory, Spinlock } from '../../machine/index.js';
import { Struct } from '../struct.js';

/** task_struct.flags: include/linux/sched.h, v2.6.28. */
export const PF_FROZEN = 0x00010000;

export const CGROUP_THAWED = 0;
export const CGROUP_FREEZING = 1;
export const CGROUP_FROZEN = 2;

const names = ['THAWED', 'FREEZING', 'FROZEN'];

export class freezer extends Struct {
  readonly state: Cell<number>;
  /** Protects writes of the state. */
  readonly lock: Spinlock;

  constructor(memory: Memory) {
    super(memory);
    this.state = memory.cell<number>('state', CGROUP_THAWED, (n) => names[n] ?? String(n));
    this.lock = memory.spinlock('lock');
  }
}
