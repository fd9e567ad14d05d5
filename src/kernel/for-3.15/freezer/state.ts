// struct freezer: the state of one group, kernel/cgroup_freezer.c of v3.15.5.
import type { Cell, Memory, Spinlock } from '../../../machine/index.js';
import { showBits } from '../../bits.js';
import { Struct } from '../../struct.js';

export const CGROUP_FREEZING_SELF = 1 << 1;
export const CGROUP_FREEZING_PARENT = 1 << 2;
export const CGROUP_FROZEN = 1 << 3;
export const CGROUP_FREEZING = CGROUP_FREEZING_SELF | CGROUP_FREEZING_PARENT;

export class freezer extends Struct {
  readonly state: Cell<number>;
  /** Up to e5ced8ebb10c; nobody takes it after that. */
  readonly lock: Spinlock;

  constructor(memory: Memory) {
    super(memory);
    this.lock = memory.spinlock('lock');
    this.state = memory.cell<number>(
      'state',
      0,
      showBits([CGROUP_FREEZING_SELF, 'FREEZING_SELF'], [CGROUP_FROZEN, 'FROZEN']),
    );
  }
}
