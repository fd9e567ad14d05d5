// The hooks of fork and exit in cgroup core: a child takes its parent's css_set at once, with a reference, and is
// linked once it is visible.
import type { Path } from '../../machine/index.js';
import { Iter } from './iter.js';
import type { Cpu, task_struct } from './task.js';

export abstract class CgroupForkExit extends Iter {
  /** cgroup_fork(), kernel/cgroup.c:2724, v2.6.26. The child is private; takes task_lock(current). */
  *cgroup_fork(cpu: Cpu, child: task_struct): Path {
    const parent = cpu.current;
    yield* cpu.spin_lock(parent.alloc_lock);
    const cset = yield* cpu.read(parent.cgroups);
    yield* cpu.init(child.cgroups, cset);
    yield* this.get_css_set(cpu, cset);
    yield* cpu.spin_unlock(parent.alloc_lock);
  }

  /** cgroup_fork_callbacks(), kernel/cgroup.c:2741, v2.6.26. The child is not visible yet; no lock. */
  *cgroup_fork_callbacks(cpu: Cpu, child: task_struct): Path {
    if (!this.need_forkexit_callback) return;
    for (const { root } of this.tops) {
      for (const ss of root.subsys_list) {
        if (ss.fork === undefined) continue;
        yield* ss.fork(cpu, child);
        yield* cpu.emit(this.events.subsys_called, { subsys: ss.name, callback: 'fork', ret: 0 });
      }
    }
  }

  /** cgroup_post_fork(), kernel/cgroup.c:2790, v2.6.26. The child is visible, and does not run; takes css_set_lock. */
  *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
    if (!(yield* cpu.read(this.use_task_css_set_links))) return;
    yield* cpu.write_lock(this.css_set_lock);
    yield* this.link_child(cpu, child);
    yield* cpu.write_unlock(this.css_set_lock);
  }

  /** What it does under css_set_lock. */
  *link_child(cpu: Cpu, child: task_struct): Path {
    if (!(yield* cpu.list_empty(child.cg_list))) return;
    const cset = yield* cpu.read(child.cgroups);
    yield* cpu.list_add(child.cg_list, cset.tasks);
    yield* cpu.emit(this.events.task_linked, { task: child, cset, by: 'fork' });
  }

  /**
   * cgroup_exit(), kernel/cgroup.c:2834, v2.6.26. The caller holds nothing; css_set_lock, then task_lock. The last
   * reference frees the css_set.
   */
  *cgroup_exit(cpu: Cpu, task: task_struct, run_callbacks: boolean): Path {
    if (run_callbacks) yield* this.subsys_exit(cpu, task);
    let wasLinked = false;
    if (!(yield* cpu.list_empty(task.cg_list))) {
      yield* cpu.write_lock(this.css_set_lock);
      if (!(yield* cpu.list_empty(task.cg_list))) {
        yield* this.unlink_exiting(cpu, task);
        wasLinked = true;
      }
      yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
      yield* cpu.write_unlock(this.css_set_lock);
    } else {
      yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked });
    }
    yield* cpu.spin_lock(task.alloc_lock);
    const cset = yield* cpu.read(task.cgroups);
    yield* cpu.write(task.cgroups, this.init_css_set);
    yield* cpu.spin_unlock(task.alloc_lock);
    yield* this.put_css_set_taskexit(cpu, cset);
    yield* cpu.emit(this.events.cgroup_exit_done, { task });
  }

  /** Its list_del(): the node is left poisoned. Under css_set_lock. */
  *unlink_exiting(cpu: Cpu, task: task_struct): Path {
    yield* cpu.list_del(task.cg_list);
  }

  /** The loop of cgroup_exit() over ss->exit(). No lock is held. */
  *subsys_exit(cpu: Cpu, task: task_struct): Path {
    if (!this.need_forkexit_callback) return;
    for (const { root } of this.tops) {
      for (const ss of root.subsys_list) {
        if (ss.exit === undefined) continue;
        yield* ss.exit(cpu, task);
        yield* cpu.emit(this.events.subsys_called, { subsys: ss.name, callback: 'exit', ret: 0 });
      }
    }
  }
}
