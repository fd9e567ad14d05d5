// a25eb52e81ed "cgroup: remove CGRP_RELEASABLE flag" (v3.18): whoever drops the last reference tells, whether the last
// task has exited or moved. Until then the flag had to be set by somebody, and since 0004 that can be nobody.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup } from '../cgroup.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu } from '../task.js';

export const noReleasable: Patch<For315> = (Base) =>
  class NoReleasable extends Base {
    /**
     * check_for_release(), kernel/cgroup.c, v3.18, asks for notify_on_release alone; that is reconstructed from v4.4.
     * The stores to the flag that the commit removes stay here, of a flag that nobody reads.
     */
    override *cgroup_is_releasable(cpu: Cpu, cgrp: cgroup): Path<boolean> {
      return yield* this.notify_on_release(cpu, cgrp);
    }
  };
