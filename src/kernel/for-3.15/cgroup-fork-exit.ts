// The hooks of fork and exit in cgroup core, before 0005: a child takes its parent's css_set at once, with a
// reference, and is linked later.
import type { Path } from '../../machine/index.js';
import type { cgroup, css_set } from './css-set.js';
import { Enable } from './enable.js';
import type { Callback } from './events.js';
import type { Cpu, task_struct } from './task.js';

export abstract class CgroupForkExit extends Enable {
  /**
   * cgroup_fork(), kernel/cgroup.c:4992, v3.14.1. The child is private; takes task_lock(current).
   * Both reads of current->cgroups are in the C.
   */
  *cgroup_fork(cpu: Cpu, child: task_struct): Path {
    const parent = cpu.current;
    yield* this.lock_task_cgroups(cpu, parent);
    yield* this.get_css_set(cpu, yield* cpu.read(parent.cgroups));
    yield* cpu.init(child.cgroups, yield* cpu.read(parent.cgroups));
    yield* this.unlock_task_cgroups(cpu, parent);
  }

  /**
   * cgroup_post_fork(), reconstructed from v3.14.1 (kernel/cgroup.c:5011), with css_set_rwsem for the rwlock. The
   * child is on the tasklist and does not run; css_set_rwsem > task_lock(child).
   */
  *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
    if (yield* cpu.read(this.use_task_css_set_links)) {
      yield* cpu.down_write(this.css_set_rwsem);
      yield* this.lock_task_cgroups(cpu, child);
      if (yield* cpu.list_empty(child.cg_list)) {
        const cset = yield* cpu.read(child.cgroups);
        yield* cpu.list_add(child.cg_list, cset.tasks);
        yield* cpu.emit(this.events.task_linked, { task: child, cset, by: 'fork' });
      }
      yield* this.unlock_task_cgroups(cpu, child);
      yield* cpu.up_write(this.css_set_rwsem);
    }
    yield* this.subsys_fork(cpu, child);
  }

  /** The loop of cgroup_post_fork() over ss->fork(). No lock is held. */
  *subsys_fork(cpu: Cpu, child: task_struct): Path {
    if (!this.need_forkexit_callback) return;
    for (const { root } of this.tops) {
      for (const ss of root.subsystems) {
        if (ss.fork === undefined) continue;
        yield* ss.fork(cpu, child);
        yield* this.tell_subsys_called(cpu, ss.name, 'fork', 0);
      }
    }
  }

  /**
   * cgroup_exit(), reconstructed from v3.14.1 (kernel/cgroup.c:5091), with css_set_rwsem for the rwlock. The
   * caller holds nothing; css_set_rwsem and task_lock, one after the other. The last reference frees the css_set.
   */
  *cgroup_exit(cpu: Cpu, task: task_struct, run_callbacks: boolean): Path {
    let wasLinked = false;
    if (!(yield* cpu.list_empty(task.cg_list))) {
      yield* cpu.down_write(this.css_set_rwsem);
      if (!(yield* cpu.list_empty(task.cg_list))) {
        yield* cpu.list_del_init(task.cg_list);
        wasLinked = true;
      }
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
    yield* this.put_css_set(cpu, cset, true);
    yield* cpu.emit(this.events.cgroup_exit_done, { task });
  }

  /** The loop of cgroup_exit() over ss->exit(). Under task_lock before 0006. */
  *subsys_exit(cpu: Cpu, old_cset: css_set, task: task_struct): Path {
    if (!this.need_forkexit_callback) return;
    const old = yield* cpu.read(old_cset.subsys);
    for (const { root } of this.tops) {
      for (const ss of root.subsystems) {
        if (ss.exit === undefined) continue;
        yield* ss.exit(cpu, old[root.index] as cgroup, task);
        yield* this.tell_subsys_called(cpu, ss.name, 'exit', 0);
      }
    }
  }

  /** Announces that a callback has returned. No step. */
  *tell_subsys_called(cpu: Cpu, subsys: string, callback: Callback, ret: number): Path {
    yield* cpu.emit(this.events.subsys_called, { subsys, callback, ret });
  }
}
