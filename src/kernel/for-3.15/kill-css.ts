// Killing a css: from now on no new references, offline once every CPU has seen that, and then the base reference.
import type { Path } from '../../machine/index.js';
import type { cgroup } from './cgroup.js';
import type { cgroup_subsys_state } from './css.js';
import { CssLife } from './css-life.js';
import type { Cpu } from './task.js';

export abstract class KillCss extends CssLife {
  /**
   * kill_css(), kernel/cgroup.c:3929, v3.15. Under cgroup_tree_mutex, and not under cgroup_mutex, because removing
   * files waits for those who are using them.
   */
  *kill_css(cpu: Cpu, css: cgroup_subsys_state, ssid: number): Path {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    const cgrp = yield* cpu.read(css.cgroup);
    if (((yield* cpu.read(cgrp.subsys_mask)) & (1 << ssid)) === 0) return;
    yield* cpu.clear_bits(cgrp.subsys_mask, 1 << ssid);
    yield* this.__kill_css(cpu, css);
  }

  /** __kill_css(), kernel/cgroup.c:3891, v3.15. Under cgroup_tree_mutex. Leaves out: the files of the controller. */
  *__kill_css(cpu: Cpu, css: cgroup_subsys_state): Path {
    yield* cpu.lockdep_assert_held(this.cgroup_tree_mutex);
    yield* this.css_get(cpu, css);
    yield* cpu.percpu_ref_kill_and_confirm(css.refcnt, (own) =>
      this.css_killed_ref_fn(own as Cpu, css),
    );
  }

  /** css_killed_ref_fn(), kernel/cgroup.c:3882, v3.15. No css_tryget_online() succeeds any more; may not sleep. */
  *css_killed_ref_fn(cpu: Cpu, css: cgroup_subsys_state): Path {
    yield* cpu.INIT_WORK(css.destroy_work, css.killed);
    yield* cpu.queue_work(this.cgroup_destroy_wq, css.destroy_work);
  }

  /** css_killed_work_fn(), kernel/cgroup.c:3845, v3.15. A work item; cgroup_tree_mutex > cgroup_mutex. */
  override *css_killed_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path {
    const cgrp = yield* cpu.read(css.cgroup);
    yield* cpu.mutex_lock(this.cgroup_tree_mutex);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* this.offline_css(cpu, css);
    if ((yield* cpu.read(cgrp.nr_css)) === 0 && (yield* this.cgroup_is_dead(cpu, cgrp))) {
      yield* this.cgroup_destroy_css_killed(cpu, cgrp);
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.cgroup_tree_mutex);
    yield* this.css_put(cpu, css);
  }

  /** cgroup_destroy_css_killed(): see rmdir.ts. */
  abstract cgroup_destroy_css_killed(cpu: Cpu, cgrp: cgroup): Path;
}
