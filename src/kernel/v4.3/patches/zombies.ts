// 2e91fa7f6d45 "cgroup: keep zombies associated with their original cgroups" and afcf6c8b7544 "cgroup: add
// cgroup_subsys->free() method and use it to fix pids controller" (v4.4): a zombie keeps its charge.
import type { Path } from '../../../machine/index.js';
import type { cgroup_subsys } from '../../for-3.15/subsystem.js';
import type { Cpu, task_struct } from '../../for-3.15/task.js';
import type { Patch } from '../../patch.js';
import type { Pids } from '../pids.js';

/** What the pair adds. */
export interface Zombies {
  cgroup_free(cpu: Cpu, task: task_struct): Path;
  subsys_free(cpu: Cpu, task: task_struct): Path;
  pids_free(cpu: Cpu, task: task_struct): Path;
}

export const zombies: Patch<Pids, Zombies> = (Base) =>
  class KeepZombies extends Base {
    /**
     * cgroup_exit(), kernel/cgroup.c:5764, v4.4. The caller holds nothing; takes css_set_rwsem (write), which is a
     * spinlock by then. The task keeps its css_set and the reference.
     */
    override *cgroup_exit(cpu: Cpu, task: task_struct, _run_callbacks: boolean): Path {
      const wasLinked = !(yield* cpu.list_empty(task.cg_list));
      if (wasLinked) {
        yield* cpu.down_write(this.css_set_rwsem);
        yield* cpu.list_del_init(task.cg_list);
        yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
        yield* cpu.up_write(this.css_set_rwsem);
      } else {
        yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
        yield* this.get_css_set(cpu, yield* cpu.read(task.cgroups));
      }
      yield* cpu.emit(this.events.cgroup_exit_done, { task });
    }

    /** cgroup_free(), kernel/cgroup.c:5795, v4.4. Nobody has a reference on the task any more. */
    *cgroup_free(cpu: Cpu, task: task_struct): Path {
      const cset = yield* cpu.read(task.cgroups);
      yield* this.subsys_free(cpu, task);
      yield* this.put_css_set(cpu, cset, true);
    }

    /** Its loop over ss->free(). */
    *subsys_free(cpu: Cpu, task: task_struct): Path {
      for (const { root } of this.tops) {
        for (const ss of root.subsystems) {
          if (ss.free === undefined) continue;
          yield* ss.free(cpu, task);
          yield* this.tell_subsys_called(cpu, ss.name, 'free', 0);
        }
      }
    }

    /** put_task_struct() with __put_task_struct(), kernel/fork.c:250, v4.4: after a grace period, in a softirq. */
    override *put_task_struct(cpu: Cpu, task: task_struct): Path {
      if (!(yield* cpu.atomic_dec_and_test(task.usage))) return;
      yield* this.cgroup_free(cpu, task);
      yield* cpu.kfree(task);
    }

    /** pids_free() in the place of pids_exit(). */
    override pids_at_end(): Partial<cgroup_subsys> {
      return { free: (cpu, task) => this.pids_free(cpu, task) };
    }

    /** pids_free(), kernel/cgroup_pids.c:273, v4.4. */
    *pids_free(cpu: Cpu, task: task_struct): Path {
      yield* this.pids_uncharge(cpu, yield* this.task_pids(cpu, task), 1);
      yield* cpu.emit(this.pids_events.pids_uncharged, { task });
    }

    override holdsReference(_task: task_struct): boolean {
      return true;
    }
  };
