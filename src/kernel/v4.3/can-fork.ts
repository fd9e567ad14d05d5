// The fork path as 4.3 left it: a controller may refuse a fork before the child is visible, and is told if the fork
// fails later (7e47682ea555). The rest is cgroup/for-3.15 with the whole series of seed 000.
import type { Path } from '../../machine/index.js';
import { taskMigration } from '../for-3.15/task-migration.js';
import type { cgroup_subsys } from '../for-3.15/subsystem.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';

const Series = taskMigration.compose({ upTo: '0007' }).Kernel;

export class CanFork extends Series {
  /**
   * cgroup_can_fork(), kernel/cgroup.c, v4.3. The caller is copy_process(), which holds nothing for a process, and
   * the threadgroup's lock (read) for a thread. Where one refuses, those before it are told.
   */
  *cgroup_can_fork(cpu: Cpu, child: task_struct): Path<number> {
    for (const { root } of this.tops) {
      for (const ss of root.subsystems) {
        if (ss.can_fork === undefined) continue;
        const ret = yield* ss.can_fork(cpu, child);
        yield* this.tell_subsys_called(cpu, ss.name, 'can_fork', ret);
        if (ret === 0) continue;
        yield* this.subsys_cancel_fork(cpu, child, ss);
        return ret;
      }
    }
    return 0;
  }

  /** cgroup_cancel_fork(), kernel/cgroup.c, v4.3: the fork failed after cgroup_can_fork(). */
  *cgroup_cancel_fork(cpu: Cpu, child: task_struct): Path {
    yield* this.subsys_cancel_fork(cpu, child, undefined);
  }

  /** The loop over ss->cancel_fork(), up to the subsystem that refused. */
  *subsys_cancel_fork(cpu: Cpu, child: task_struct, failed: cgroup_subsys | undefined): Path {
    for (const { root } of this.tops) {
      for (const ss of root.subsystems) {
        if (ss === failed) return;
        if (ss.cancel_fork === undefined) continue;
        yield* ss.cancel_fork(cpu, child);
        yield* this.tell_subsys_called(cpu, ss.name, 'cancel_fork', 0);
      }
    }
  }

  /** copy_process(), kernel/fork.c, v4.3: the call before tasklist_lock, and label bad_fork_cancel_cgroup. */
  override *publish_child(cpu: Cpu, child: task_struct, leader: task_struct): Path<number> {
    let ret = yield* this.cgroup_can_fork(cpu, child);
    if (ret !== 0) return ret;
    ret = yield* super.publish_child(cpu, child, leader);
    if (ret !== 0) yield* this.cgroup_cancel_fork(cpu, child);
    return ret;
  }

  /** The error labels of copy_process(), v4.3: e8604cb43690 has removed the call of cgroup_exit(). */
  override *bad_fork(cpu: Cpu, child: task_struct, isThread: boolean, ret: number): Path<number> {
    yield* this.fork_change_end(cpu, cpu.current, isThread);
    yield* cpu.emit(this.events.fork_failed, { child, parent: cpu.current, ret });
    yield* cpu.kfree(child);
    return ret;
  }
}
