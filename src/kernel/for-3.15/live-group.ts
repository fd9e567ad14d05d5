// Is the cgroup still there: the test under cgroup_mutex that keeps everybody out of a removed one, and the
// reference counts that keep its memory.
import type { Path } from '../../machine/index.js';
import { type cgroup, CGRP_DEAD } from './cgroup.js';
import { Rcu } from './rcu.js';
import type { Cpu } from './task.js';

export abstract class LiveGroup extends Rcu {
  /** cgroup_is_dead(), kernel/cgroup.c:213, v3.15. */
  *cgroup_is_dead(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    return ((yield* cpu.READ_ONCE(cgrp.flags)) & CGRP_DEAD) !== 0;
  }

  /** cgroup_lock_live_group(), kernel/cgroup.c:307, v3.15. True, and then cgroup_mutex is held, if it is alive. */
  *cgroup_lock_live_group(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    yield* cpu.mutex_lock(this.cgroup_mutex);
    if (!(yield* this.cgroup_is_dead(cpu, cgrp))) return true;
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return false;
  }

  /** cgroup_get(), kernel/cgroup.c:927, v3.15. The caller knows that it is alive. */
  *cgroup_get(cpu: Cpu, cgrp: cgroup): Path {
    const dead = yield* this.cgroup_is_dead(cpu, cgrp);
    yield* cpu.WARN_ON(dead, 'cgroup_get() of a dead cgroup');
    const refs = yield* cpu.atomic_read(cgrp.refcnt);
    yield* cpu.WARN_ON(refs <= 0, 'cgroup_get() of a cgroup without references');
    yield* cpu.atomic_inc(cgrp.refcnt);
  }

  /**
   * cgroup_put(), kernel/cgroup.c:934, v3.15. The last reference takes cgroup_mutex: do not drop it under that.
   * Leaves out: the idr that cgroup_mutex protects here, and hierarchies that are unmounted.
   */
  *cgroup_put(cpu: Cpu, cgrp: cgroup): Path {
    if (!(yield* cpu.atomic_dec_and_test(cgrp.refcnt))) return;
    const alive =
      (yield* cpu.read(cgrp.parent)) !== null && !(yield* this.cgroup_is_dead(cpu, cgrp));
    yield* cpu.WARN_ON(alive, 'the last reference to a cgroup that is alive');
    if (alive) return;
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.call_rcu('cgroup_free_rcu', (own) => this.cgroup_free_rcu(own, cgrp));
  }

  /** cgroup_free_rcu(), kernel/cgroup.c:919, v3.15. After a grace period. */
  *cgroup_free_rcu(cpu: Cpu, cgrp: cgroup): Path {
    yield* cpu.INIT_WORK(cgrp.destroy_work, this.freeWork(cgrp));
    yield* cpu.queue_work(this.cgroup_destroy_wq, cgrp.destroy_work);
  }

  /** cgroup_free_fn(), kernel/cgroup.c:894, v3.15. A work item. Leaves out: nr_cgrps, pidlists, the root. */
  override *cgroup_free_fn(cpu: Cpu, cgrp: cgroup): Path {
    const parent = yield* cpu.read(cgrp.parent);
    if (parent !== null) yield* this.cgroup_put(cpu, parent);
    yield* cpu.emit(this.events.cgroup_freed, { cgrp });
    yield* cpu.kfree(cgrp);
  }
}
