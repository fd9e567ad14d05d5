// References on a css from v2.6.29 to v2.6.39, for a hierarchy with one controller: 1 is the base reference, which rmdir
// takes away in the same moment in which it finds that there is no other.
import {
  Loop,
  type Cell,
  type Machine,
  type Mutex,
  type Path,
  type WaitQueue,
} from '../../machine/index.js';
import type { Cpu } from '../../machine/index.js';
import { showBits } from '../bits.js';

export const CGRP_REMOVED = 0x1;
export const CGRP_WAIT_ON_RMDIR = 0x8;
export const CSS_REMOVED = 0x2;

export class Css {
  readonly machine: Machine;
  readonly cgroup_mutex: Mutex;
  /** From the patch `wait` on: who removes a cgroup sleeps here. */
  readonly cgroup_rmdir_waitq: WaitQueue;
  /** cgroup.flags, cgroup.count: the css_sets that stand for it; and css.refcnt, css.flags of its memcg. */
  readonly flags: Cell<number>;
  readonly count: Cell<number>;
  readonly refcnt: Cell<number>;
  readonly css_flags: Cell<number>;
  /** The pages that are charged to the memcg: each has a reference on the css. */
  readonly pages: Cell<number>;

  constructor(machine: Machine) {
    this.machine = machine;
    this.cgroup_mutex = machine.mutex('cgroup_mutex');
    this.refcnt = machine.cell<number>('css->refcnt', 1);
    this.cgroup_rmdir_waitq = machine.waitqueue('cgroup_rmdir_waitq');
    this.flags = machine.cell<number>(
      'cgrp->flags',
      0,
      showBits([CGRP_REMOVED, 'CGRP_REMOVED'], [CGRP_WAIT_ON_RMDIR, 'CGRP_WAIT_ON_RMDIR']),
    );
    this.count = machine.cell<number>('cgrp->count', 0);
    this.css_flags = machine.cell<number>('css->flags', 0, showBits([CSS_REMOVED, 'CSS_REMOVED']));
    this.pages = machine.cell<number>('pages', 0);
  }

  /** css_tryget(), include/linux/cgroup.h, v2.6.29. Goes round while a removal makes up its mind. */
  *css_tryget(cpu: Cpu): Path<boolean> {
    const retry = new Loop('retry');
    while (!(yield* cpu.atomic_add_unless(this.refcnt, 1, 0))) {
      if (((yield* cpu.READ_ONCE(this.css_flags)) & CSS_REMOVED) !== 0) return false;
      yield* cpu.loop(retry);
      yield* cpu.cpu_relax();
    }
    return true;
  }

  /** css_put() and __css_put(), kernel/cgroup.c, v2.6.29. Leaves out: the release agent. */
  *css_put(cpu: Cpu): Path {
    yield* cpu.rcu_read_lock();
    if ((yield* cpu.fetch_add(this.refcnt, -1)) - 1 === 1) yield* this.last_css_put(cpu);
    yield* cpu.rcu_read_unlock();
  }

  /** Only the base reference is left. In v2.6.29 nobody waits for that. */
  *last_css_put(_cpu: Cpu): Path {}

  /**
   * cgroup_clear_css_refs(), kernel/cgroup.c, v2.6.29, for one css: false if there is a reference beside the base one.
   * Under cgroup_mutex, with interrupts off, for a css_tryget() in an interrupt would go round for ever.
   */
  *cgroup_clear_css_refs(cpu: Cpu): Path<boolean> {
    const flags = yield* cpu.local_irq_save();
    let cleared = false;
    while (!cleared) {
      const refcnt = yield* cpu.atomic_read(this.refcnt);
      if (refcnt > 1) break;
      yield* cpu.BUG_ON(refcnt === 0, 'a css without its base reference');
      cleared = (yield* cpu.cmpxchg(this.refcnt, refcnt, 0)) === refcnt;
    }
    if (cleared) yield* cpu.set_bit(this.css_flags, CSS_REMOVED);
    yield* cpu.local_irq_restore(flags);
    return cleared;
  }

  /**
   * mem_cgroup_force_empty() as pre_destroy(), mm/memcontrol.c, v2.6.29: uncharges the pages that there are now. No lock is
   * held. Leaves out: the parent that they are charged to, and all of the lists.
   */
  *pre_destroy(cpu: Cpu): Path {
    while ((yield* cpu.READ_ONCE(this.pages)) > 0) {
      yield* cpu.fetch_add(this.pages, -1);
      yield* this.css_put(cpu);
    }
  }
}
