// Removing a cgroup, in two stages: first user space can no longer see it, then, once no css of it is online, it leaves
// its parent.
import type { Path } from '../../machine/index.js';
import { EBUSY } from '../errno.js';
import { type cgroup, CGRP_DEAD, CGRP_RELEASABLE } from './cgroup.js';
import { Kernfs } from './kernfs.js';
import type { Cpu } from './task.js';

export abstract class Rmdir extends Kernfs {
  /**
   * cgroup_destroy_locked(), kernel/cgroup.c:3966, v3.15: the first stage. Under cgroup_tree_mutex and cgroup_mutex,
   * and it drops the latter twice, after CGRP_DEAD is set; takes css_set_rwsem (read) and release_list_lock.
   */
  *cgroup_destroy_locked(cpu: Cpu, cgrp: cgroup): Path<number> {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    if (!(yield* this.may_destroy(cpu, cgrp))) return -EBUSY;
    yield* cpu.set_bit(cgrp.flags, CGRP_DEAD);
    yield* cpu.emit(this.events.cgroup_died, { cgrp });

    yield* cpu.mutex_unlock(this.cgroup_mutex);
    for (const [ssid] of cgrp.root.subsystems.entries()) {
      const slot = cgrp.subsys[ssid];
      const css = slot === undefined ? null : yield* cpu.read(slot);
      if (css !== null) yield* this.kill_css(cpu, css, ssid);
    }
    yield* cpu.mutex_lock(this.cgroup_mutex);

    yield* cpu.spin_lock(this.release_list_lock);
    if (!(yield* cpu.list_empty(cgrp.release_list))) {
      yield* cpu.list_del_init(cgrp.release_list);
    }
    yield* cpu.spin_unlock(this.release_list_lock);
    if ((yield* cpu.read(cgrp.nr_css)) === 0) yield* this.cgroup_destroy_css_killed(cpu, cgrp);

    yield* cpu.mutex_unlock(this.cgroup_mutex);
    const kn = yield* cpu.read(cgrp.kn);
    if (kn !== null) yield* this.kernfs_remove(cpu, kn);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    return 0;
  }

  /** Its two tests: no css_set, and so no task; and no child but dead ones, which linger until they are offline. */
  *may_destroy(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    yield* cpu.down_read(this.css_set_rwsem);
    let empty = yield* cpu.list_empty(cgrp.cset_links);
    yield* cpu.up_read(this.css_set_rwsem);
    if (!empty) return false;

    yield* this.rcu_read_lock(cpu);
    let child = yield* cpu.list_first(cgrp.children);
    while (child !== undefined) {
      empty = yield* this.cgroup_is_dead(cpu, child);
      if (!empty) break;
      child = yield* cpu.list_next(child.sibling, cgrp.children);
    }
    yield* this.rcu_read_unlock(cpu);
    return empty;
  }

  /** cgroup_destroy_css_killed(), kernel/cgroup.c:4065, v3.15. Under cgroup_tree_mutex and cgroup_mutex. */
  override *cgroup_destroy_css_killed(cpu: Cpu, cgrp: cgroup): Path {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    const parent = yield* cpu.read(cgrp.parent);
    yield* cpu.list_del(cgrp.sibling);
    yield* this.cgroup_put(cpu, cgrp);
    if (parent === null) return;
    yield* cpu.set_bit(parent.flags, CGRP_RELEASABLE);
    yield* this.check_for_release(cpu, parent);
  }

  /**
   * cgroup_rmdir(), kernel/cgroup.c:4081, v3.15. Under i_mutex of the directory and of its parent;
   * cgroup_tree_mutex > cgroup_mutex. Leaves out: the active reference on the directory itself, which is dropped for
   * the time.
   */
  *cgroup_rmdir(cpu: Cpu, cgrp: cgroup): Path<number> {
    let ret = 0;
    yield* this.cgroup_get(cpu, cgrp);
    yield* cpu.mutex_lock(this.cgroup_tree_mutex);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    if (!(yield* this.cgroup_is_dead(cpu, cgrp))) {
      ret = yield* this.cgroup_destroy_locked(cpu, cgrp);
      yield* cpu.emit(this.events.rmdir_decided, { cgrp, ret });
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.cgroup_tree_mutex);
    yield* this.cgroup_put(cpu, cgrp);
    return ret;
  }
}
