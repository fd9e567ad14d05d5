// cgroup_task_migrate() of v3.14, before "cgroup: move css_set_rwsem locking outside of cgroup_task_migrate()": the list is
// changed under css_set_lock, task by task, and the pointer before that under task_lock alone.
import type { Lock, Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import { type cgroup, CGRP_RELEASABLE, type css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { task_and_cgroup } from '../migrate.js';
import type { Cpu, task_struct } from '../task.js';

export const lockPerTask: Patch<For315> = (Base) =>
  class LockPerTask extends Base {
    /** Between pointer and list only cgroup_mutex is held: nobody else may find that they agree. */
    override get membershipLock(): Lock {
      return this.cgroup_mutex;
    }

    /** Step 3 of cgroup_attach_task(), kernel/cgroup.c, v3.14. Under cgroup_mutex. */
    override *commit_targets(
      cpu: Cpu,
      targets: readonly task_and_cgroup[],
      csets: readonly css_set[],
    ): Path {
      for (const [i, [task, old_cgrp]] of targets.entries()) {
        yield* this.cgroup_task_migrate(cpu, old_cgrp, task, csets[i] as css_set);
      }
    }

    /**
     * cgroup_task_migrate(), kernel/cgroup.c:1922, v3.14.1, with css_set_rwsem for the rwlock. Under cgroup_mutex and, by
     * contract, the threadgroup's lock; task_lock, then css_set_rwsem (write), then put_css_set() by itself.
     */
    override *cgroup_task_migrate(
      cpu: Cpu,
      old_cgrp: cgroup,
      task: task_struct,
      new_cset: css_set,
    ): Path {
      const exiting = yield* this.is_exiting(cpu, task);
      yield* cpu.WARN_ON(exiting, 'cgroup_task_migrate() of an exiting task');
      const old_cset = yield* cpu.read(task.cgroups);
      yield* this.lock_task_cgroups(cpu, task);
      yield* cpu.write(task.cgroups, new_cset);
      yield* this.unlock_task_cgroups(cpu, task);
      yield* cpu.down_write(this.css_set_rwsem);
      if (!(yield* cpu.list_empty(task.cg_list))) {
        yield* cpu.list_move(task.cg_list, new_cset.tasks);
      }
      yield* cpu.emit(this.events.task_committed, { task, from: old_cset, to: new_cset });
      yield* cpu.up_write(this.css_set_rwsem);
      yield* cpu.set_bit(old_cgrp.flags, CGRP_RELEASABLE);
      yield* this.put_css_set(cpu, old_cset, false);
    }
  };
