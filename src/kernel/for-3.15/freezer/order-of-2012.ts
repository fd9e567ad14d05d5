// The order of a fork before 5edee61edeaa (v3.8): subsystems hear of a child before anybody can find it.
import type { Path } from '../../../machine/index.js';
import type { Cpu, task_struct } from '../task.js';
import type { Patch } from '../../patch.js';
import { Freezer } from './freezer.js';

export class EarlyFork extends Freezer {
  /** cgroup_fork_callbacks(), kernel/cgroup.c, v3.6: the loop over ss->fork(). The child is private. */
  *cgroup_fork_callbacks(cpu: Cpu, child: task_struct): Path {
    yield* super.subsys_fork(cpu, child);
  }

  /** copy_process(), kernel/fork.c, v3.6: the callbacks come before tasklist_lock. */
  override *publish_child(cpu: Cpu, child: task_struct, leader: task_struct): Path<number> {
    yield* this.early_callbacks(cpu, child);
    return yield* super.publish_child(cpu, child, leader);
  }

  /** Where copy_process() called them. */
  *early_callbacks(cpu: Cpu, child: task_struct): Path {
    yield* this.cgroup_fork_callbacks(cpu, child);
  }

  /** cgroup_post_fork() did not call them. */
  override *subsys_fork(_cpu: Cpu, _child: task_struct): Path {}
}

/** 5edee61edeaa "cgroup: cgroup_subsys->fork() should be called after the task is added to css_set". */
export const forkAfterLink: Patch<EarlyFork> = (Base) =>
  class ForkAfterLink extends Base {
    /** copy_process(), v3.8: the call is gone. */
    override *early_callbacks(_cpu: Cpu, _child: task_struct): Path {}

    /** cgroup_post_fork(), kernel/cgroup.c, v3.8: its last part, after the child was linked. */
    override *subsys_fork(cpu: Cpu, child: task_struct): Path {
      yield* this.cgroup_fork_callbacks(cpu, child);
    }
  };
