// Small wrongs, one per mixin: what an invariant has to notice. Each is a patch like any other, applied last.
import { p0002 } from '../../src/kernel/for-3.15/patches/0002.js';
import { p0004 } from '../../src/kernel/for-3.15/patches/0004.js';
import {
  type cgroup,
  type cgroup_taskset,
  type Cpu,
  type css_set,
  dropLock,
} from '../../src/kernel/index.js';
import { type For315, type Patch, requires, type task_struct } from '../../src/kernel/index.js';
import type { ListHead, Path } from '../../src/machine/index.js';

/** cgroup_exit() leaves the task on the list of its css_set. */
export const exitKeepsTheLink: Patch<For315> = (Base) =>
  class ExitKeepsTheLink extends Base {
    override *cgroup_exit(cpu: Cpu, task: task_struct): Path {
      const cset = yield* cpu.read(task.cgroups);
      yield* cpu.write(task.cgroups, this.init_css_set);
      yield* this.put_css_set(cpu, cset, true);
    }
  };

/** cgroup_exit() does not give the reference back. */
export const exitKeepsTheReference: Patch<For315> = (Base) =>
  class ExitKeepsTheReference extends Base {
    override *cgroup_exit(cpu: Cpu, task: task_struct): Path {
      yield* cpu.down_write(this.css_set_rwsem);
      yield* cpu.list_del_init(task.cg_list);
      yield* cpu.up_write(this.css_set_rwsem);
      yield* cpu.write(task.cgroups, this.init_css_set);
    }
  };

/** cgroup_task_migrate() drops css_set_rwsem between the pointer and the list. */
export const moveInTwoSections: Patch<For315> = (Base) =>
  class MoveInTwoSections extends Base {
    override *cgroup_task_migrate(cpu: Cpu, _from: cgroup, task: task_struct, to: css_set): Path {
      const from = yield* cpu.read(task.cgroups);
      yield* this.get_css_set(cpu, to);
      yield* cpu.write(task.cgroups, to);
      yield* cpu.up_write(this.css_set_rwsem);
      yield* cpu.down_write(this.css_set_rwsem);
      yield* cpu.list_move(task.cg_list, to.mg_tasks);
      yield* this.put_css_set_locked(cpu, from, false);
    }
  };

/** cgroup_task_migrate() switches the pointer, and not the list. */
export const moveForgetsTheList: Patch<For315> = (Base) =>
  class MoveForgetsTheList extends Base {
    override *cgroup_task_migrate(cpu: Cpu, _from: cgroup, task: task_struct, to: css_set): Path {
      const from = yield* cpu.read(task.cgroups);
      yield* this.get_css_set(cpu, to);
      yield* cpu.write(task.cgroups, to);
      yield* this.put_css_set_locked(cpu, from, false);
    }
  };

/** cgroup_post_fork() gives the child its css_set and a reference, and no place on the list. */
export const forkForgetsTheLink: Patch<For315> = (Base) =>
  class ForkForgetsTheLink extends Base {
    override *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
      yield* cpu.down_write(this.css_set_rwsem);
      const cset = yield* cpu.read(cpu.current.cgroups);
      yield* cpu.write(child.cgroups, cset);
      yield* this.get_css_set(cpu, cset);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** cgroup_post_fork() links the child without a reference. */
export const forkForgetsTheReference: Patch<For315> = (Base) =>
  class ForkForgetsTheReference extends Base {
    override *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
      yield* cpu.down_write(this.css_set_rwsem);
      const cset = yield* cpu.read(cpu.current.cgroups);
      yield* cpu.write(child.cgroups, cset);
      yield* cpu.list_add(child.cg_list, cset.tasks);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** cgroup_post_fork() adds the child to the list twice. */
export const forkLinksTwice: Patch<For315> = (Base) =>
  class ForkLinksTwice extends Base {
    override *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
      yield* super.cgroup_post_fork(cpu, child);
      yield* cpu.down_write(this.css_set_rwsem);
      const cset = yield* cpu.read(child.cgroups);
      yield* cpu.list_add(child.cg_list, cset.tasks);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** cgroup_post_fork() reads its parent's css_set before it takes css_set_rwsem. */
export const forkReadsTooEarly: Patch<For315> = (Base) =>
  class ForkReadsTooEarly extends Base {
    override *cgroup_post_fork(cpu: Cpu, child: task_struct): Path {
      const cset = yield* cpu.read(cpu.current.cgroups);
      yield* cpu.down_write(this.css_set_rwsem);
      yield* cpu.write(child.cgroups, cset);
      yield* cpu.list_add(child.cg_list, cset.tasks);
      yield* this.get_css_set(cpu, cset);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** css_set_rwsem is left out of cgroup_post_fork(). */
export const forkWithoutRwsem = dropLock<For315>('cgroup_post_fork', 'css_set_rwsem');

/** The error path of copy_process() forgets threadgroup_change_end(). */
export const failedForkKeepsTheThreadgroup: Patch<For315> = (Base) =>
  class FailedForkKeepsTheThreadgroup extends Base {
    override *bad_fork(cpu: Cpu, child: task_struct, _: boolean, ret: number): Path<number> {
      return yield* super.bad_fork(cpu, child, false, ret);
    }
  };

/** cgroup_enable_task_cg_lists() does not test PF_EXITING. */
export const enableLinksTheExiting: Patch<For315> = (Base) =>
  class EnableLinksTheExiting extends Base {
    override *link_unless_exiting(cpu: Cpu, task: task_struct): Path {
      const cset = yield* cpu.read(task.cgroups);
      yield* cpu.list_add(task.cg_list, cset.tasks);
      yield* this.get_css_set(cpu, cset);
    }
  };

/** cgroup_enable_task_cg_lists() switches interrupts off, and never on again. */
export const enableKeepsInterruptsOff: Patch<For315> = (Base) =>
  class EnableKeepsInterruptsOff extends Base {
    override *link_unless_exiting(cpu: Cpu, task: task_struct): Path {
      const { siglock } = yield* cpu.read(task.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* cpu.spin_unlock(siglock);
    }
  };

/** cgroup_enable_task_cg_lists() looks at the leaders only. */
export const enableSkipsThreads: Patch<For315> = (Base) =>
  class EnableSkipsThreads extends Base {
    override *enable_task(cpu: Cpu, task: task_struct): Path {
      if ((yield* cpu.read(task.group_leader)) === task) yield* super.enable_task(cpu, task);
    }
  };

/** cgroup_enable_task_cg_lists() says that lists are kept only once it has made them. */
export const enableSetsItsFlagLast: Patch<For315> = (Base) =>
  class EnableSetsItsFlagLast extends Base {
    override *cgroup_enable_task_cg_lists(cpu: Cpu): Path {
      yield* cpu.down_write(this.css_set_rwsem);
      yield* cpu.read_lock(this.tasklist_lock);
      let leader = yield* cpu.list_first(this.init_task_tasks);
      while (leader !== undefined) {
        yield* this.enable_task(cpu, leader);
        leader = yield* cpu.list_next(leader.tasks, this.init_task_tasks);
      }
      yield* cpu.read_unlock(this.tasklist_lock);
      yield* cpu.write(this.use_task_css_set_links, true);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** The migration path takes every task, also one that exits or was never linked. */
export const migrationTakesAnybody: Patch<For315> = (Base) =>
  class MigrationTakesAnybody extends Base {
    override *may_migrate(): Path<boolean> {
      return true;
    }
  };

/** find_css_set() takes no reference on a css_set that there is already. */
export const lookupTakesNoReference: Patch<For315> = (Base) =>
  class LookupTakesNoReference extends Base {
    override *find_css_set(cpu: Cpu, old_cset: css_set, cgrp: cgroup): Path<css_set | null> {
      yield* cpu.down_read(this.css_set_rwsem);
      const [, existing] = yield* this.find_existing_css_set(cpu, old_cset, cgrp);
      yield* cpu.up_read(this.css_set_rwsem);
      return existing ?? (yield* super.find_css_set(cpu, old_cset, cgrp));
    }
  };

/** cgroup_migrate_finish() takes the css_sets off its list, and does not put them. */
export const finishKeepsReferences: Patch<For315> = requires(
  p0004,
  (Base) =>
    class FinishKeepsReferences extends Base {
      override *cgroup_migrate_finish(cpu: Cpu, preloaded_csets: ListHead<css_set>): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        for (;;) {
          const cset = yield* cpu.list_first(preloaded_csets);
          if (cset === undefined) break;
          yield* cpu.write(cset.mg_src_cgrp, null);
          yield* cpu.write(cset.mg_dst_cset, null);
          yield* cpu.list_del_init(cset.mg_preload_node);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }
    },
);

/** put_css_set() drops the last reference first, and takes css_set_rwsem then: as it was before 2.6.28. */
export const putDropsBeforeItLocks: Patch<For315> = (Base) =>
  class PutDropsBeforeItLocks extends Base {
    override *put_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
      if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
      yield* cpu.down_write(this.css_set_rwsem);
      yield* cpu.write(cset.refcount, 1);
      yield* this.put_css_set_locked(cpu, cset, taskexit);
      yield* cpu.up_write(this.css_set_rwsem);
    }
  };

/** The last reference frees the css_set, but leaves it in the hash table. */
export const putLeavesTheTable: Patch<For315> = (Base) =>
  class PutLeavesTheTable extends Base {
    override *put_css_set_locked(cpu: Cpu, cset: css_set): Path {
      if (yield* cpu.atomic_dec_and_test(cset.refcount)) yield* cpu.kfree(cset);
    }
  };

/** cgroup_transfer_tasks() takes the first task of each css_set for all of them. */
export const transferMovesOne: Patch<For315> = (Base) =>
  class TransferMovesOne extends Base {
    override *cgroup_transfer_tasks(cpu: Cpu, to: cgroup, from: cgroup): Path<number> {
      yield* cpu.emit(this.events.transfer_started, { from, to });
      yield* cpu.mutex_lock(this.cgroup_mutex);
      const task = yield* this.first_task_of(cpu, from);
      const ret = task === undefined ? 0 : yield* this.cgroup_attach_task(cpu, to, task, false);
      if (task !== undefined) yield* this.put_task_struct(cpu, task);
      yield* cpu.emit(this.events.transfer_returned, { from, to, ret });
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return ret;
    }
  };

/** attach_task_by_pid() returns -ESRCH with cgroup_mutex held. */
export const attachKeepsTheMutex: Patch<For315> = (Base) =>
  class AttachKeepsTheMutex extends Base {
    override *attach_task_by_pid(
      cpu: Cpu,
      cgrp: cgroup,
      pid: task_struct,
      threadgroup: boolean,
    ): Path<number> {
      yield* cpu.mutex_lock(this.cgroup_mutex);
      if (!(yield* cpu.read(this.hashed(pid)))) return -3;
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      return yield* super.attach_task_by_pid(cpu, cgrp, pid, threadgroup);
    }
  };

/** cgroup_migrate_finish() leaves its marks in the css_sets that it puts. */
export const finishLeavesMarks: Patch<For315> = requires(
  p0004,
  (Base) =>
    class FinishLeavesMarks extends Base {
      override *cgroup_migrate_finish(cpu: Cpu, preloaded_csets: ListHead<css_set>): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        for (;;) {
          const cset = yield* cpu.list_first(preloaded_csets);
          if (cset === undefined) break;
          yield* cpu.list_del_init(cset.mg_preload_node);
          yield* this.put_css_set_locked(cpu, cset, false);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }
    },
);

/** The migration path passes over everybody, and says nothing of it. */
export const migrationTakesNobody: Patch<For315> = (Base) =>
  class MigrationTakesNobody extends Base {
    override *may_migrate(): Path<boolean> {
      return false;
    }
  };

/** attach() is shown the css_sets that the tasks have left. */
export const attachIsShownTheSources: Patch<For315> = requires(
  p0002,
  (Base) =>
    class AttachIsShownTheSources extends Base {
      override *commit_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
        yield* super.commit_taskset(cpu, tset);
        yield* cpu.init(tset.csets, tset.src_csets);
      }
    },
);

/** Nobody is told that the migration which it allowed does not happen. */
export const vetoTellsNobody: Patch<For315> = (Base) =>
  class VetoTellsNobody extends Base {
    override *subsys_cancel_attach(): Path {}
  };
