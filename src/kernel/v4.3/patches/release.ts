// 51bee5abeab2 "cgroup/pids: turn cgroup_subsys->free() into cgroup_subsys->release() to fix the accounting" (Oleg
// Nesterov, v5.1): the charge goes with the pid, not with the memory of the task.
import type { Path } from '../../../machine/index.js';
import type { cgroup_subsys } from '../../for-3.15/subsystem.js';
import type { Cpu, task_struct } from '../../for-3.15/task.js';
import { type Patch, requires } from '../../patch.js';
import type { Pids } from '../pids.js';
import { zombies } from './zombies.js';

/** What it adds. */
export interface Release {
  cgroup_release(cpu: Cpu, task: task_struct): Path;
}

export const release: Patch<Pids, Release> = requires(
  zombies,
  (Base) =>
    class ReleaseEarly extends Base {
      /** cgroup_release(), kernel/cgroup/cgroup.c:5965, v5.1. No lock; the task still has its css_set. */
      *cgroup_release(cpu: Cpu, task: task_struct): Path {
        for (const { root } of this.tops) {
          for (const ss of root.subsystems) {
            if (ss.release === undefined) continue;
            yield* ss.release(cpu, task);
            yield* this.tell_subsys_called(cpu, ss.name, 'release', 0);
          }
        }
      }

      /** cgroup_free(), kernel/cgroup/cgroup.c:5975, v5.1: the reference alone. */
      override *cgroup_free(cpu: Cpu, task: task_struct): Path {
        yield* this.put_css_set(cpu, yield* cpu.read(task.cgroups), true);
      }

      /** release_task(), kernel/exit.c:190, v5.1: before tasklist_lock. Leaves out: the zombie leader that follows. */
      override *release_task(cpu: Cpu, task: task_struct): Path {
        yield* this.cgroup_release(cpu, task);
        yield* super.release_task(cpu, task);
      }

      /** pids_release(), kernel/cgroup/pids.c:252, v5.1: what pids_free() was. */
      override pids_at_end(): Partial<cgroup_subsys> {
        return { release: (cpu, task) => this.pids_free(cpu, task) };
      }
    },
);
