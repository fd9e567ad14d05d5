// The life of a css: made with its cgroup, taken offline once no more references are given out, freed when the last
// one is dropped, which may be long after.
import type { Path } from '../../machine/index.js';
import { ENOMEM } from '../errno.js';
import type { cgroup } from './cgroup.js';
import { type cgroup_subsys_state, CSS_ONLINE, CSS_ROOT } from './css.js';
import type { cgroup_subsys } from './subsystem.js';
import type { Cpu } from './task.js';
import { Transfer } from './transfer.js';

export abstract class CssLife extends Transfer {
  /** css_get(), include/linux/cgroup.h:83, v3.15. The caller has a reference. */
  *css_get(cpu: Cpu, css: cgroup_subsys_state): Path {
    if (((yield* cpu.read(css.flags)) & CSS_ROOT) === 0) yield* cpu.percpu_ref_get(css.refcnt);
  }

  /** css_tryget(), include/linux/cgroup.h:100, v3.15. Under rcu_read_lock(). */
  *css_tryget(cpu: Cpu, css: cgroup_subsys_state): Path<boolean> {
    if (((yield* cpu.read(css.flags)) & CSS_ROOT) !== 0) return true;
    return yield* cpu.percpu_ref_tryget(css.refcnt);
  }

  /** css_put(), include/linux/cgroup.h:113, v3.15. */
  *css_put(cpu: Cpu, css: cgroup_subsys_state): Path {
    if (((yield* cpu.read(css.flags)) & CSS_ROOT) === 0) yield* cpu.percpu_ref_put(css.refcnt);
  }

  /**
   * create_css(), kernel/cgroup.c:3638, v3.15. Under cgroup_tree_mutex and cgroup_mutex. css_alloc() is an allocation.
   * Leaves out: the files of the controller.
   */
  *create_css(cpu: Cpu, cgrp: cgroup, ssid: number, ss: cgroup_subsys): Path<number> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    const css = yield* cpu.kmalloc(this.css_type, `css of ${ss.name}`);
    if (css === null) return -ENOMEM;
    const parent = yield* cpu.read(cgrp.parent);
    const above = parent?.subsys[ssid];
    const parent_css = above === undefined ? null : yield* cpu.read(above);
    yield* cpu.init(css.cgroup, cgrp);
    yield* cpu.init(css.ss, ss);
    yield* cpu.init(css.parent, parent_css);
    const ret = yield* this.online_css(cpu, css, ssid);
    if (ret !== 0) {
      yield* this.subsys_css_free(cpu, css);
      return ret;
    }
    yield* this.cgroup_get(cpu, cgrp);
    if (parent_css !== null) yield* this.css_get(cpu, parent_css);
    yield* cpu.set_bits(cgrp.subsys_mask, 1 << ssid);
    return 0;
  }

  /** online_css(), kernel/cgroup.c:3592, v3.15. Under cgroup_tree_mutex and cgroup_mutex. */
  *online_css(cpu: Cpu, css: cgroup_subsys_state, ssid: number): Path<number> {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    const ss = yield* cpu.read(css.ss);
    const ret = ss.css_online === undefined ? 0 : yield* ss.css_online(cpu, css);
    if (ret !== 0) return ret;
    yield* cpu.set_bits(css.flags, CSS_ONLINE);
    const cgrp = yield* cpu.read(css.cgroup);
    yield* cpu.write(cgrp.nr_css, (yield* cpu.read(cgrp.nr_css)) + 1);
    const slot = cgrp.subsys[ssid];
    if (slot !== undefined) yield* cpu.write(slot, css);
    return 0;
  }

  /** offline_css(), kernel/cgroup.c:3611, v3.15. Under cgroup_tree_mutex and cgroup_mutex; once for a css. */
  *offline_css(cpu: Cpu, css: cgroup_subsys_state): Path {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    if (((yield* cpu.read(css.flags)) & CSS_ONLINE) === 0) return;
    const ss = yield* cpu.read(css.ss);
    yield* cpu.emit(this.events.css_offlined, { css });
    if (ss.css_offline !== undefined) yield* ss.css_offline(cpu, css);
    yield* cpu.clear_bits(css.flags, CSS_ONLINE);
    const cgrp = yield* cpu.read(css.cgroup);
    yield* cpu.write(cgrp.nr_css, (yield* cpu.read(cgrp.nr_css)) - 1);
  }

  /** css_release(), kernel/cgroup.c:3567, v3.15. The last reference is dropped; in an RCU read section. */
  override *css_release(cpu: Cpu, css: cgroup_subsys_state): Path {
    const cgrp = yield* cpu.read(css.cgroup);
    const ss = yield* cpu.read(css.ss);
    const slot = cgrp.subsys[cgrp.root.subsystems.indexOf(ss)];
    if (slot !== undefined) yield* cpu.write(slot, null);
    yield* cpu.call_rcu('css_free_rcu_fn', (own) => this.css_free_rcu_fn(own, css));
  }

  /** css_free_rcu_fn(), kernel/cgroup.c:3558, v3.15. After a grace period. */
  *css_free_rcu_fn(cpu: Cpu, css: cgroup_subsys_state): Path {
    yield* cpu.INIT_WORK(css.destroy_work, css.free);
    yield* cpu.queue_work(this.cgroup_destroy_wq, css.destroy_work);
  }

  /** css_free_work_fn(), kernel/cgroup.c:3545, v3.15. A work item. */
  override *css_free_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path {
    const cgrp = yield* cpu.read(css.cgroup);
    const parent = yield* cpu.read(css.parent);
    if (parent !== null) yield* this.css_put(cpu, parent);
    yield* this.subsys_css_free(cpu, css);
    yield* this.cgroup_put(cpu, cgrp);
  }

  /** ss->css_free(), which frees the css. */
  *subsys_css_free(cpu: Cpu, css: cgroup_subsys_state): Path {
    const ss = yield* cpu.read(css.ss);
    if (ss.css_free !== undefined) yield* ss.css_free(cpu, css);
    yield* cpu.emit(this.events.css_freed, { css });
    yield* cpu.kfree(css);
  }
}
