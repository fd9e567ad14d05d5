// What a controller keeps of one cgroup. Its last reference is dropped long after the cgroup was removed.
import { Struct } from '../struct.js';
import type {
  Cell,
  Cpu as MachineCpu,
  Memory,
  Path,
  PercpuRef,
  Work,
} from '../../machine/index.js';
import { uninitialised } from '../uninitialised.js';
import type { cgroup } from './cgroup.js';
import type { cgroup_subsys } from './subsystem.js';
import { showBits } from '../bits.js';
import type { Cpu } from './task.js';

/** cgroup_subsys_state.flags: include/linux/cgroup.h:73, v3.15. */
export const CSS_ROOT = 0x1;
export const CSS_ONLINE = 0x2;

/** The functions of the kernel that the counter and the work item of a css call. */
export interface CssFunctions {
  css_release(cpu: Cpu, css: cgroup_subsys_state): Path;
  css_killed_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path;
  css_free_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path;
}

/** What INIT_WORK() is given. */
type CssWork = (cpu: MachineCpu) => Path;

export class cgroup_subsys_state extends Struct {
  readonly refcnt: PercpuRef;
  readonly flags: Cell<number>;
  readonly cgroup: Cell<cgroup>;
  readonly ss: Cell<cgroup_subsys>;
  readonly parent: Cell<cgroup_subsys_state | null>;
  readonly destroy_work: Work;
  /** One function per object: what a work item runs is told apart by identity. */
  readonly killed: CssWork;
  readonly free: CssWork;

  constructor(memory: Memory, kernel: CssFunctions) {
    super(memory);
    this.refcnt = memory.percpuRef('refcnt', (cpu) => kernel.css_release(cpu as Cpu, this));
    this.flags = memory.cell<number>(
      'flags',
      0,
      showBits([CSS_ROOT, 'CSS_ROOT'], [CSS_ONLINE, 'CSS_ONLINE']),
    );
    this.cgroup = memory.cell<cgroup>('cgroup', uninitialised);
    this.ss = memory.cell<cgroup_subsys>('ss', uninitialised);
    this.parent = memory.cell<cgroup_subsys_state | null>('parent', null);
    this.destroy_work = memory.work('destroy_work');
    this.killed = (cpu) => kernel.css_killed_work_fn(cpu as Cpu, this);
    this.free = (cpu) => kernel.css_free_work_fn(cpu as Cpu, this);
  }
}
