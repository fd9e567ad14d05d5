// 77f88796cee8 "cgroup, kthread: close race window where new kthreads can be migrated to non-root cgroups" (v4.11).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import { type Cpu, type kthread_task, PF_NO_SETAFFINITY, type V410 } from '../v4.10.js';

/** kthreadd has no_cgroup_migration set, its children are born with it, and clear it when they have been set up. */
export const noMigration: Patch<V410> = (Base) =>
  class NoMigration extends Base {
    override *dup_task_struct(cpu: Cpu): Path {
      yield* cpu.init(this.child.no_cgroup_migration, true);
    }

    override *kthread_ready(cpu: Cpu): Path {
      yield* cpu.write(this.child.no_cgroup_migration, false);
    }

    override *refuses(cpu: Cpu, tsk: kthread_task): Path<boolean> {
      if (tsk === this.kthreadd_task) return true;
      if (yield* cpu.read(tsk.no_cgroup_migration)) return true;
      return ((yield* cpu.read(tsk.flags)) & PF_NO_SETAFFINITY) !== 0;
    }
  };
