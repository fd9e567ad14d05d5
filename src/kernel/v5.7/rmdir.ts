// rmdir since v4.4: it asks whether a cgroup has tasks, not whether css_sets stand for it, so these now keep its memory.
// All else of directories is as in v3.15; fork, exit and migration are those of v6.12.
import type { Path } from '../../machine/index.js';
import type { cgroup, cgrp_cset_link, css_set } from '../for-3.15/css-set.js';
import type { Kernel612 } from '../for-3.15/patches/v6.12/index.js';
import type { Cpu } from '../for-3.15/task.js';
import { cgroupToday } from '../for-3.15/today.js';
import type { KernelClass } from '../patch.js';

const Rung: KernelClass<Kernel612> = cgroupToday.compose({ upTo: 'base' }).Kernel;

export class Rmdir57 extends Rung {
  /**
   * The two tests of cgroup_destroy_locked(), kernel/cgroup/cgroup.c, v5.7. Under cgroup_mutex, without css_set_lock:
   * only a migration can make an empty cgroup populated, and that has cgroup_mutex. Leaves out: populated children.
   */
  override *may_destroy(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    if ((yield* cpu.read(cgrp.nr_populated_csets)) > 0) return false;
    return !(yield* this.css_has_online_children(cpu, cgrp));
  }

  /** css_has_online_children(), kernel/cgroup/cgroup.c, v5.7, of a cgroup. Dead children linger until they are offline. */
  *css_has_online_children(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    let online = false;
    yield* this.rcu_read_lock(cpu);
    let child = yield* cpu.list_first(cgrp.children);
    while (child !== undefined && !online) {
      online = !(yield* this.cgroup_is_dead(cpu, child));
      child = yield* cpu.list_next(child.sibling, cgrp.children);
    }
    yield* this.rcu_read_unlock(cpu);
    return online;
  }

  /**
   * cgroup_put(), kernel/cgroup/cgroup.c, v5.7, with css_release(): may be called under a spinlock.
   * Leaves out: that the count is a percpu_ref, and css_release_work_fn(), which takes cgroup_mutex in between.
   */
  override *cgroup_put(cpu: Cpu, cgrp: cgroup): Path {
    if (!(yield* cpu.atomic_dec_and_test(cgrp.refcnt))) return;
    yield* cpu.call_rcu('css_free_rwork_fn', (own) => this.cgroup_free_rcu(own, cgrp));
  }

  /** link_css_set(), kernel/cgroup/cgroup.c, v5.7. Under css_set_lock. A reference on any cgroup but a root. */
  override *link_css_set(cpu: Cpu, link: cgrp_cset_link, cset: css_set, cgrp: cgroup): Path {
    yield* super.link_css_set(cpu, link, cset, cgrp);
    yield* cpu.emit(this.events.css_set_linked, { cset, cgrp });
    if ((yield* cpu.read(cgrp.parent)) !== null) yield* this.cgroup_get(cpu, cgrp);
  }

  /**
   * put_css_set_locked(), kernel/cgroup/cgroup.c, v5.7. Under css_set_lock.
   * Leaves out: references on csses, threaded css_sets, css_set_count, the grace period of kfree_rcu().
   */
  override *put_css_set_locked(cpu: Cpu, cset: css_set, _taskexit: boolean): Path {
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
    yield* cpu.list_del_init(cset.hlist);
    for (;;) {
      const link = yield* cpu.list_first(cset.cgrp_links);
      if (link === undefined) break;
      yield* cpu.list_del(link.cset_link);
      yield* cpu.list_del(link.cgrp_link);
      const cgrp = yield* cpu.read(link.cgrp);
      if ((yield* cpu.read(cgrp.parent)) !== null) yield* this.cgroup_put(cpu, cgrp);
      yield* cpu.kfree(link);
    }
    yield* cpu.emit(this.events.css_set_freed, { cset });
    yield* cpu.kfree(cset);
  }
}
