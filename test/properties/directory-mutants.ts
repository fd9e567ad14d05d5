// Small wrongs of mkdir, rmdir and the release agent, one per mixin.
import type {
  cgroup,
  cgroup_subsys_state,
  Cpu,
  For315,
  Patch,
  css_set,
  task_struct,
} from '../../src/kernel/index.js';
import { CGRP_RELEASABLE } from '../../src/kernel/index.js';
import type { Path } from '../../src/machine/index.js';

/** Who waited for cgroup_mutex does not look whether the cgroup is still there. */
export const lockTestsNothing: Patch<For315> = (Base) =>
  class LockTestsNothing extends Base {
    override *cgroup_lock_live_group(cpu: Cpu): Path<boolean> {
      yield* cpu.mutex_lock(this.cgroup_mutex);
      return true;
    }
  };

/** Whether the cgroup is alive is looked at before cgroup_mutex is taken. */
export const lockTestsTooEarly: Patch<For315> = (Base) =>
  class LockTestsTooEarly extends Base {
    override *cgroup_lock_live_group(cpu: Cpu, cgrp: cgroup): Path<boolean> {
      if (yield* this.cgroup_is_dead(cpu, cgrp)) return false;
      yield* cpu.mutex_lock(this.cgroup_mutex);
      return true;
    }
  };

/** Anything can be removed. */
export const rmdirTestsNothing: Patch<For315> = (Base) =>
  class RmdirTestsNothing extends Base {
    override *may_destroy(): Path<boolean> {
      return true;
    }
  };

/** A dead child that lingers on the list is in the way. */
export const rmdirCountsDeadChildren: Patch<For315> = (Base) =>
  class RmdirCountsDeadChildren extends Base {
    override *may_destroy(cpu: Cpu, cgrp: cgroup): Path<boolean> {
      if (!(yield* super.may_destroy(cpu, cgrp))) return false;
      return yield* cpu.list_empty(cgrp.children);
    }
  };

/** The base reference is dropped without taking the css offline. */
export const killSkipsOffline: Patch<For315> = (Base) =>
  class KillSkipsOffline extends Base {
    override *offline_css(cpu: Cpu, css: cgroup_subsys_state): Path {
      const cgrp = yield* cpu.read(css.cgroup);
      yield* cpu.write(cgrp.nr_css, (yield* cpu.read(cgrp.nr_css)) - 1);
    }
  };

/** An exit leaves it to others to say that the cgroup can be released. */
export const exitTellsNobody: Patch<For315> = (Base) =>
  class ExitTellsNobody extends Base {
    override *css_set_unlinked(cpu: Cpu, cgrp: cgroup): Path {
      yield* super.css_set_unlinked(cpu, cgrp, false);
    }
  };

/** R38: cgroup_task_migrate() of base, but the reference is dropped first, and CGRP_RELEASABLE set after that. */
export const moveTellsTooEarly: Patch<For315> = (Base) =>
  class MoveTellsTooEarly extends Base {
    override *cgroup_task_migrate(
      cpu: Cpu,
      old_cgrp: cgroup,
      task: task_struct,
      new_cset: css_set,
    ): Path {
      const old_cset = yield* cpu.read(task.cgroups);
      yield* this.lock_task_cgroups(cpu, task);
      yield* cpu.write(task.cgroups, new_cset);
      yield* this.unlock_task_cgroups(cpu, task);
      yield* cpu.list_move(task.cg_list, new_cset.tasks);
      yield* this.put_css_set_locked(cpu, old_cset, false);
      yield* cpu.set_bit(old_cgrp.flags, CGRP_RELEASABLE);
    }
  };
