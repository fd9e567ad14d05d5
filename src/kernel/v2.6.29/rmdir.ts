// rmdir of a cgroup in v2.6.29, and the two who take references on its css meanwhile: a page that is swapped in and stays
// charged, and reclaim, which only looks.
import type { Cpu, MachineEvent, Path } from '../../machine/index.js';
import { EBUSY } from '../errno.js';
import { CGRP_REMOVED, Css } from './css.js';

export class V2629 extends Css {
  /** cgroup_rmdir() has returned; with `used`, there was a task. */
  readonly rmdir_returned: MachineEvent<{ ret: number; used: boolean }> =
    this.machine.event('cgroup_rmdir() returned');

  /**
   * cgroup_rmdir(), kernel/cgroup.c, v2.6.29. Under i_mutex of the directory; takes cgroup_mutex twice, and calls
   * pre_destroy() between. Leaves out: children, dentries, what is freed.
   */
  *cgroup_rmdir(cpu: Cpu): Path<number> {
    if (!(yield* this.is_unused(cpu))) return yield* this.refuse(cpu, true);
    yield* this.pre_destroy(cpu);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    const used = (yield* cpu.atomic_read(this.count)) !== 0;
    if (used || !(yield* this.cgroup_clear_css_refs(cpu))) {
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return yield* this.refuse(cpu, used);
    }
    return yield* this.remove(cpu);
  }

  /** The first look, in a section of cgroup_mutex of its own. */
  *is_unused(cpu: Cpu): Path<boolean> {
    yield* cpu.mutex_lock(this.cgroup_mutex);
    const unused = (yield* cpu.atomic_read(this.count)) === 0;
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return unused;
  }

  *refuse(cpu: Cpu, used: boolean): Path<number> {
    yield* cpu.emit(this.rmdir_returned, { ret: -EBUSY, used });
    return -EBUSY;
  }

  /** The rest of it. Under cgroup_mutex, which it drops. */
  *remove(cpu: Cpu): Path<number> {
    yield* cpu.set_bit(this.flags, CGRP_REMOVED);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.emit(this.rmdir_returned, { ret: 0, used: false });
    return 0;
  }

  /**
   * A page is swapped in: mem_cgroup_try_charge_swapin() finds its memcg, which need not have a task any more, and
   * mem_cgroup_commit_charge_swapin() charges it, mm/memcontrol.c, v2.6.29. The page keeps the reference.
   */
  *swapin(cpu: Cpu): Path {
    if (!(yield* this.css_tryget(cpu))) return;
    yield* this.commit_charge_swapin(cpu);
  }

  *commit_charge_swapin(cpu: Cpu): Path {
    yield* cpu.fetch_add(this.pages, 1);
  }

  /** mem_cgroup_hierarchical_reclaim(), mm/memcontrol.c, v2.6.29: a reference for as long as it looks at the memcg. */
  *reclaim(cpu: Cpu): Path {
    if (!(yield* this.css_tryget(cpu))) return;
    yield* this.css_put(cpu);
  }
}
