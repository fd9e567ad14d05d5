// 0005, eaf797abc53b "cgroup: update how a newly forked task gets associated with css_set": a child joins its parent's
// css_set, and is linked, in one go in cgroup_post_fork(). Until then an empty cg_list says: no reference.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';

export const p0005: Patch<For315> = (Base) =>
  class P0005 extends Base {
    /** cgroup_fork(), kernel/cgroup.c:4378, v3.15. The child is private; no lock. */
    override *cgroup_fork(cpu: Cpu, child: task_struct): Path {
      yield* cpu.init(child.cgroups, this.init_css_set);
    }

    /**
     * cgroup_post_fork(), kernel/cgroup.c:4394, v3.15, with task_lock(child), which goes in 0006. The child is on
     * the tasklist and does not run; takes css_set_rwsem (write).
     */
    override *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
      if (yield* cpu.read(this.use_task_css_set_links)) {
        yield* cpu.down_write(this.css_set_rwsem);
        const cset = yield* cpu.read(cpu.current.cgroups);
        yield* this.lock_task_cgroups(cpu, child);
        if (yield* cpu.list_empty(child.cg_list)) {
          yield* cpu.write(child.cgroups, cset);
          yield* cpu.list_add(child.cg_list, cset.tasks);
          yield* cpu.emit(this.events.task_linked, { task: child, cset, by: 'fork' });
          yield* this.get_css_set(cpu, cset);
        }
        yield* this.unlock_task_cgroups(cpu, child);
        yield* cpu.up_write(this.css_set_rwsem);
      }
      yield* this.subsys_fork(cpu, child);
    }

    /** cgroup_enable_task_cg_lists(), kernel/cgroup.c:1326, v3.15: the reference comes with the link. */
    override *take_linked(cpu: Cpu, cset: css_set): Path {
      yield* this.get_css_set(cpu, cset);
    }

    /** cgroup_migrate(), kernel/cgroup.c:1913, v3.15: not a task that cgroup_post_fork() has yet to link. */
    override *may_migrate(cpu: Cpu, task: task_struct): Path<boolean> {
      return (yield* super.may_migrate(cpu, task)) && !(yield* cpu.list_empty(task.cg_list));
    }

    /**
     * cgroup_exit(), kernel/cgroup.c:4464, v3.15, with run_callbacks, which 1ec41830e087 removes, and task_lock,
     * which goes in 0006. The caller holds nothing. A task that was never linked has nothing to put.
     */
    override *cgroup_exit(cpu: Cpu, task: task_struct, run_callbacks: boolean): Path {
      const wasLinked = !(yield* cpu.list_empty(task.cg_list));
      if (wasLinked) {
        yield* cpu.down_write(this.css_set_rwsem);
        yield* cpu.list_del_init(task.cg_list);
        yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
        yield* cpu.up_write(this.css_set_rwsem);
      } else {
        yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
      }
      yield* this.lock_task_cgroups(cpu, task);
      const cset = yield* cpu.read(task.cgroups);
      yield* cpu.write(task.cgroups, this.init_css_set);
      if (run_callbacks) yield* this.subsys_exit(cpu, cset, task);
      yield* this.unlock_task_cgroups(cpu, task);
      if (wasLinked) yield* this.put_css_set(cpu, cset, true);
      yield* cpu.emit(this.events.cgroup_exit_done, { task });
    }

    override settleReference(cset: css_set, linked: boolean): void {
      if (linked) super.settleReference(cset, linked);
    }

    override holdsReference(task: task_struct): boolean {
      return this.isLinked(task);
    }
  };
