// 0002, b3dc094e9390 "cgroup: use css_set->mg_tasks to track target tasks during migration": no array any more.
// Targets wait on the mg_tasks of their css_sets, and those on the lists of the taskset.
import type { ListHead, Path } from '../../../machine/index.js';
import { ENOMEM } from '../../errno.js';
import { type Patch, requires } from '../../patch.js';
import { type cgroup, CGRP_RELEASABLE, type css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import type { cgroup_taskset } from '../taskset.js';
import { p0001 } from './0001.js';

/** What 0002 adds. */
export interface Taskset {
  init_taskset(cpu: Cpu, tset: cgroup_taskset): Path;
  move_to_mg_tasks(cpu: Cpu, task: task_struct, cset: css_set): Path;
  collect_targets(
    cpu: Cpu,
    cgrp: cgroup,
    leader: task_struct,
    threadgroup: boolean,
    tset: cgroup_taskset,
  ): Path;
  collect_target(cpu: Cpu, cgrp: cgroup, task: task_struct, tset: cgroup_taskset): Path;
  commit_taskset(cpu: Cpu, tset: cgroup_taskset): Path;
  release_taskset(cpu: Cpu, tset: cgroup_taskset): Path;
}

export const p0002: Patch<For315, Taskset> = requires(
  p0001,
  (Base) =>
    class P0002 extends Base {
      /**
       * cgroup_task_migrate(), reconstructed: v3.15 (kernel/cgroup.c:1746) with task_lock, which goes in 0006. Under
       * cgroup_mutex and css_set_rwsem (write).
       */
      override *cgroup_task_migrate(
        cpu: Cpu,
        old_cgrp: cgroup,
        task: task_struct,
        new_cset: css_set,
      ): Path {
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.lockdep_assert_held(this.css_set_rwsem);
        const exiting = yield* this.is_exiting(cpu, task);
        yield* cpu.WARN_ON(exiting, 'cgroup_task_migrate() of an exiting task');
        const old_cset = yield* cpu.read(task.cgroups);
        yield* this.get_css_set(cpu, new_cset);
        yield* this.lock_task_cgroups(cpu, task);
        yield* cpu.write(task.cgroups, new_cset);
        yield* this.unlock_task_cgroups(cpu, task);
        yield* this.move_to_mg_tasks(cpu, task, new_cset);
        yield* cpu.emit(this.events.task_committed, { task, from: old_cset, to: new_cset });
        yield* cpu.set_bit(old_cgrp.flags, CGRP_RELEASABLE);
        yield* this.put_css_set_locked(cpu, old_cset, false);
      }

      /**
       * cgroup_attach_task(), reconstructed from the message and from v3.15. Under cgroup_mutex and, by contract,
       * the threadgroup's lock; takes css_set_rwsem for writing three times, and for find_css_set().
       * That -ENOMEM calls no cancel_attach() is from memory of the patch.
       */
      override *cgroup_attach_task(
        cpu: Cpu,
        cgrp: cgroup,
        leader: task_struct,
        threadgroup: boolean,
      ): Path<number> {
        const { tset } = this.stack(cpu.thread);
        yield* this.init_taskset(cpu, tset);
        yield* this.collect_targets(cpu, cgrp, leader, threadgroup, tset);
        if (yield* cpu.list_empty(tset.src_csets)) return 0;

        let ret = yield* this.subsys_can_attach(cpu, cgrp, tset);
        if (ret === 0) ret = yield* this.find_destinations(cpu, cgrp, tset);
        if (ret === 0) {
          yield* this.commit_taskset(cpu, tset);
          yield* this.subsys_attach(cpu, cgrp, tset);
        }
        yield* this.release_taskset(cpu, tset);
        return ret;
      }

      /** At the head of the list, so that a walk meets the last one first: as before 1b9aba49eab5. */
      *move_to_mg_tasks(cpu: Cpu, task: task_struct, cset: css_set): Path {
        yield* cpu.list_move(task.cg_list, cset.mg_tasks);
      }

      /** A taskset is on the stack: fresh lists, no step. */
      *init_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
        yield* this.init_list_head(cpu, tset.src_csets);
        yield* this.init_list_head(cpu, tset.dst_csets);
        yield* cpu.init(tset.csets, tset.src_csets);
      }

      /** The first loop of cgroup_attach_task(): css_set_rwsem (write) > RCU. */
      *collect_targets(
        cpu: Cpu,
        cgrp: cgroup,
        leader: task_struct,
        threadgroup: boolean,
        tset: cgroup_taskset,
      ): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        if (threadgroup) yield* this.rcu_read_lock(cpu);
        let task: task_struct | undefined = leader;
        while (task !== undefined) {
          if (yield* this.may_migrate(cpu, task)) {
            yield* this.collect_target(cpu, cgrp, task, tset);
          }
          task = threadgroup ? yield* this.next_thread(cpu, task, leader) : undefined;
        }
        if (threadgroup) yield* this.rcu_read_unlock(cpu);
        yield* cpu.up_write(this.css_set_rwsem);
      }

      /** Its body, for one task that may be moved. */
      *collect_target(cpu: Cpu, cgrp: cgroup, task: task_struct, tset: cgroup_taskset): Path {
        const cset = yield* cpu.read(task.cgroups);
        const src_cgrp = yield* this.task_cgroup_from_root(cpu, task, cgrp);
        if (src_cgrp === cgrp) return;
        if ((yield* cpu.read(cset.mg_src_cgrp)) === null) {
          const busy = !(yield* cpu.list_empty(cset.mg_tasks));
          yield* cpu.WARN_ON(busy, 'mg_tasks of a source is not empty');
          const chained = !(yield* cpu.list_empty(cset.mg_node));
          yield* cpu.WARN_ON(chained, 'mg_node of a source is on a list');
          yield* cpu.write(cset.mg_src_cgrp, src_cgrp);
          yield* cpu.list_add(cset.mg_node, tset.src_csets);
          yield* this.get_css_set(cpu, cset);
        }
        yield* this.move_to_mg_tasks(cpu, task, cset);
      }

      /** Step 2 of cgroup_attach_task(): the css_sets that the tasks go to. May fail by -ENOMEM half-way. */
      *find_destinations(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path<number> {
        let cset = yield* cpu.list_first(tset.src_csets);
        while (cset !== undefined) {
          const dst_cset = yield* this.find_css_set(cpu, cset, cgrp);
          if (dst_cset === null) return -ENOMEM;
          if (yield* cpu.list_empty(dst_cset.mg_node)) {
            yield* cpu.list_add(dst_cset.mg_node, tset.dst_csets);
          } else {
            yield* this.put_css_set(cpu, dst_cset, false);
          }
          yield* cpu.write(cset.mg_dst_cset, dst_cset);
          cset = yield* cpu.list_next(cset.mg_node, tset.src_csets);
        }
        return 0;
      }

      /** The commit loop, kernel/cgroup.c:1984, v3.15. Takes css_set_rwsem for writing. */
      *commit_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        let cset = yield* cpu.list_first(tset.src_csets);
        while (cset !== undefined) {
          let task = yield* cpu.list_first(cset.mg_tasks);
          while (task !== undefined) {
            const next: task_struct | undefined = yield* cpu.list_next(task.cg_list, cset.mg_tasks);
            const src_cgrp = (yield* cpu.read(cset.mg_src_cgrp)) as cgroup;
            const dst_cset = (yield* cpu.read(cset.mg_dst_cset)) as css_set;
            yield* this.cgroup_task_migrate(cpu, src_cgrp, task, dst_cset);
            task = next;
          }
          cset = yield* cpu.list_next(cset.mg_node, tset.src_csets);
        }
        yield* cpu.up_write(this.css_set_rwsem);
        yield* cpu.init(tset.csets, tset.dst_csets);
      }

      /** Label out_release_tset of cgroup_attach_task(). Takes css_set_rwsem for writing. */
      *release_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        yield* cpu.list_splice_tail_init(tset.dst_csets, tset.src_csets);
        for (;;) {
          const cset = yield* cpu.list_first(tset.src_csets);
          if (cset === undefined) break;
          yield* cpu.list_splice_tail_init(cset.mg_tasks, cset.tasks);
          yield* cpu.list_del_init(cset.mg_node);
          yield* cpu.write(cset.mg_src_cgrp, null);
          yield* cpu.write(cset.mg_dst_cset, null);
          yield* this.put_css_set_locked(cpu, cset, false);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }

      /** cgroup_taskset_first(), kernel/cgroup.c:1698, v3.15. Under cgroup_mutex. */
      override *cgroup_taskset_first(
        cpu: Cpu,
        tset: cgroup_taskset,
      ): Path<task_struct | undefined> {
        const csets = yield* cpu.read(tset.csets);
        yield* cpu.init(tset.cur_cset, yield* cpu.list_first(csets));
        yield* cpu.init(tset.cur_task, undefined);
        return yield* this.cgroup_taskset_next(cpu, tset);
      }

      /** cgroup_taskset_next(), kernel/cgroup.c:1713, v3.15. Under cgroup_mutex. */
      override *cgroup_taskset_next(cpu: Cpu, tset: cgroup_taskset): Path<task_struct | undefined> {
        const csets: ListHead<css_set> = yield* cpu.read(tset.csets);
        let cset = yield* cpu.read(tset.cur_cset);
        let task = yield* cpu.read(tset.cur_task);
        while (cset !== undefined) {
          task =
            task === undefined
              ? yield* cpu.list_first(cset.mg_tasks)
              : yield* cpu.list_next(task.cg_list, cset.mg_tasks);
          if (task !== undefined) break;
          cset = yield* cpu.list_next(cset.mg_node, csets);
        }
        yield* cpu.init(tset.cur_cset, cset);
        yield* cpu.init(tset.cur_task, task);
        return task;
      }
    },
);
