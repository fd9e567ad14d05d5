// Of ef2c41cf38a7 "clone3: allow spawning processes into cgroups" (v5.7): the test alone. It is true when it is made.
import type { Path } from '../../../machine/index.js';
import type { cgroup } from '../../for-3.15/css-set.js';
import type { Cpu } from '../../for-3.15/task.js';
import type { Patch } from '../../patch.js';
import type { CloneInto } from '../clone-into.js';

export const deadTest: Patch<CloneInto> = (Base) =>
  class DeadTest extends Base {
    /** cgroup_css_set_fork(), kernel/cgroup/cgroup.c, v5.7: -ENODEV. Under cgroup_mutex. */
    override *refuses_dead(cpu: Cpu, dst: cgroup): Path<boolean> {
      return yield* this.cgroup_is_dead(cpu, dst);
    }
  };
