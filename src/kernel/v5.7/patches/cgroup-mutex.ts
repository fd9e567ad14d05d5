// ef2c41cf38a7 "clone3: allow spawning processes into cgroups" (v5.7): cgroup_mutex is held from before the look-up until
// the child is linked, so that to rmdir a fork into a cgroup is what a migration is.
import type { Path } from '../../../machine/index.js';
import type { Cpu } from '../../for-3.15/task.js';
import { type Patch, requires } from '../../patch.js';
import type { CloneInto } from '../clone-into.js';
import { deadTest } from './dead-test.js';

export const cgroupMutex: Patch<CloneInto> = requires(
  deadTest,
  (Base) =>
    class CgroupMutex extends Base {
      /** cgroup_css_set_fork(), kernel/cgroup/cgroup.c, v5.7: it returns with cgroup_mutex held. */
      override *unlock_when_found(_cpu: Cpu): Path {}

      /** cgroup_post_fork() and cgroup_css_set_put_fork(), v5.7: after cgroup_threadgroup_rwsem. */
      override *unlock_at_end(cpu: Cpu): Path {
        yield* cpu.mutex_unlock(this.cgroup_mutex);
      }
    },
);
