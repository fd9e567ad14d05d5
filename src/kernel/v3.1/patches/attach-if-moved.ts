// "cgroups: don't attach task to subsystem if migration failed" (v3.2).
import type { Path } from '../../../machine/index.js';
import { ESRCH } from '../../errno.js';
import type { Patch } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import type { V31 } from '../v3.1.js';

/** attach_task() is called after the move, and only if there was one. */
export const attachIfMoved: Patch<V31> = (Base) =>
  class AttachIfMoved extends Base {
    /** Step 3 of cgroup_attach_proc(), kernel/cgroup.c, v3.2, for one thread. */
    override *commit(cpu: Cpu, cgrp: cgroup, tsk: task_struct): Path {
      if ((yield* this.task_cgroup_from_root(cpu, tsk, cgrp)) === cgrp) return;
      const ret = yield* this.cgroup_task_migrate(cpu, cgrp, tsk);
      if (ret === 0) yield* this.subsys_attach_task(cpu, cgrp, tsk);
      else yield* cpu.BUG_ON(ret !== -ESRCH, 'a move fails that cannot');
    }
  };
