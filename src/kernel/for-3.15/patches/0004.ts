// 0004, 1958d2d53dad "cgroup: split process / task migration into four steps": add_src, prepare_dst, migrate, finish.
// Whatever may fail for want of memory comes before the first task is touched.
import type { ListHead, Path } from '../../../machine/index.js';
import { ENOMEM } from '../../errno.js';
import { type Patch, requires } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import type { cgroup_taskset } from '../taskset.js';
import { p0002 } from './0002.js';
import { p0003 } from './0003.js';

/** What 0004 adds. */
export interface FourSteps {
  cgroup_migrate_add_src(
    cpu: Cpu,
    src_cset: css_set,
    dst_cgrp: cgroup,
    preloaded_csets: ListHead<css_set>,
  ): Path;
  cgroup_migrate_prepare_dst(
    cpu: Cpu,
    dst_cgrp: cgroup,
    preloaded_csets: ListHead<css_set>,
  ): Path<number>;
  cgroup_migrate(cpu: Cpu, cgrp: cgroup, leader: task_struct, threadgroup: boolean): Path<number>;
  cgroup_migrate_finish(cpu: Cpu, preloaded_csets: ListHead<css_set>): Path;
  chain_cset(cpu: Cpu, cset: css_set, csets: ListHead<css_set>): Path;
}

export const p0004: Patch<For315, FourSteps> = requires(
  [p0002, p0003],
  (Base) =>
    class P0004 extends Base {
      /** cgroup_migrate_finish(), kernel/cgroup.c:1790, v3.15. Under cgroup_mutex; takes css_set_rwsem (write). */
      *cgroup_migrate_finish(cpu: Cpu, preloaded_csets: ListHead<css_set>): Path {
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.down_write(this.css_set_rwsem);
        for (;;) {
          const cset = yield* cpu.list_first(preloaded_csets);
          if (cset === undefined) break;
          yield* cpu.write(cset.mg_src_cgrp, null);
          yield* cpu.write(cset.mg_dst_cset, null);
          yield* cpu.list_del_init(cset.mg_preload_node);
          yield* this.put_css_set_locked(cpu, cset, false);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }

      /** cgroup_migrate_add_src(), kernel/cgroup.c:1821, v3.15. Under cgroup_mutex and css_set_rwsem (read). */
      *cgroup_migrate_add_src(
        cpu: Cpu,
        src_cset: css_set,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path {
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.lockdep_assert_held(this.css_set_rwsem);
        const src_cgrp = yield* this.cset_cgroup_from_root(cpu, src_cset, dst_cgrp);
        if (src_cgrp === dst_cgrp) return;
        if (!(yield* cpu.list_empty(src_cset.mg_preload_node))) return;
        const isSource = (yield* cpu.read(src_cset.mg_src_cgrp)) !== null;
        yield* cpu.WARN_ON(isSource, 'mg_src_cgrp of a new source is set');
        const busy = !(yield* cpu.list_empty(src_cset.mg_tasks));
        yield* cpu.WARN_ON(busy, 'mg_tasks of a new source is not empty');
        const chained = !(yield* cpu.list_empty(src_cset.mg_node));
        yield* cpu.WARN_ON(chained, 'mg_node of a new source is on a list');
        yield* cpu.write(src_cset.mg_src_cgrp, src_cgrp);
        yield* this.get_css_set(cpu, src_cset);
        yield* cpu.list_add(src_cset.mg_preload_node, preloaded_csets);
      }

      /**
       * cgroup_migrate_prepare_dst(), kernel/cgroup.c:1863, v3.15. Under cgroup_mutex; find_css_set() takes
       * css_set_rwsem. -ENOMEM undoes what this call did; the caller still has to finish its sources.
       * The destinations are spliced to the end of the list, not to its front; only finish walks it then.
       */
      *cgroup_migrate_prepare_dst(
        cpu: Cpu,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path<number> {
        const { csets } = this.stack(cpu.thread);
        yield* this.init_list_head(cpu, csets);
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        let src_cset = yield* cpu.list_first(preloaded_csets);
        while (src_cset !== undefined) {
          const dst_cset = yield* this.find_css_set(cpu, src_cset, dst_cgrp);
          if (dst_cset === null) {
            yield* this.cgroup_migrate_finish(cpu, csets);
            return -ENOMEM;
          }
          const paired =
            (yield* cpu.read(src_cset.mg_dst_cset)) !== null ||
            (yield* cpu.read(dst_cset.mg_dst_cset)) !== null;
          yield* cpu.WARN_ON(paired, 'mg_dst_cset of a source or destination is set');
          yield* cpu.write(src_cset.mg_dst_cset, dst_cset);
          if (yield* cpu.list_empty(dst_cset.mg_preload_node)) {
            yield* cpu.list_add(dst_cset.mg_preload_node, csets);
          } else {
            yield* this.put_css_set(cpu, dst_cset, false);
          }
          src_cset = yield* cpu.list_next(src_cset.mg_preload_node, preloaded_csets);
        }
        yield* cpu.list_splice_tail_init(csets, preloaded_csets);
        return 0;
      }

      /**
       * cgroup_migrate(), kernel/cgroup.c:1913, v3.15. Under cgroup_mutex and, for a process, the threadgroup's
       * lock; takes css_set_rwsem for writing three times. Returns 0 also where nothing was moved.
       */
      *cgroup_migrate(
        cpu: Cpu,
        cgrp: cgroup,
        leader: task_struct,
        threadgroup: boolean,
      ): Path<number> {
        const { tset } = this.stack(cpu.thread);
        yield* this.init_taskset(cpu, tset);
        yield* this.collect_targets(cpu, cgrp, leader, threadgroup, tset);
        if (yield* cpu.list_empty(tset.src_csets)) return 0;

        const ret = yield* this.subsys_can_attach(cpu, cgrp, tset);
        if (ret === 0) {
          yield* this.commit_taskset(cpu, tset);
          yield* this.subsys_attach(cpu, cgrp, tset);
        }
        yield* this.release_taskset(cpu, tset);
        return ret;
      }

      /** The body of its first loop: a css_set that was not preloaded is no source. */
      override *collect_target(
        cpu: Cpu,
        _cgrp: cgroup,
        task: task_struct,
        tset: cgroup_taskset,
      ): Path {
        const cset = yield* cpu.read(task.cgroups);
        if ((yield* cpu.read(cset.mg_src_cgrp)) === null) return;
        yield* this.move_to_mg_tasks(cpu, task, cset);
        yield* this.chain_cset(cpu, cset, tset.src_csets);
        const dst_cset = (yield* cpu.read(cset.mg_dst_cset)) as css_set;
        yield* this.chain_cset(cpu, dst_cset, tset.dst_csets);
      }

      /** Whether it is on the list or not: the form that the diff of 1b9aba49eab5 takes away. */
      *chain_cset(cpu: Cpu, cset: css_set, csets: ListHead<css_set>): Path {
        yield* cpu.list_move(cset.mg_node, csets);
      }

      /** Label out_release_tset of cgroup_migrate(), kernel/cgroup.c:2014, v3.15. Pins stay until finish. */
      override *release_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
        yield* cpu.down_write(this.css_set_rwsem);
        yield* cpu.list_splice_tail_init(tset.dst_csets, tset.src_csets);
        for (;;) {
          const cset = yield* cpu.list_first(tset.src_csets);
          if (cset === undefined) break;
          yield* cpu.list_splice_tail_init(cset.mg_tasks, cset.tasks);
          yield* cpu.list_del_init(cset.mg_node);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }

      /** cgroup_attach_task(), kernel/cgroup.c:2032, v3.15. Under cgroup_mutex and the threadgroup's lock. */
      override *cgroup_attach_task(
        cpu: Cpu,
        dst_cgrp: cgroup,
        leader: task_struct,
        threadgroup: boolean,
      ): Path<number> {
        const { preloaded_csets } = this.stack(cpu.thread);
        yield* this.init_list_head(cpu, preloaded_csets);
        yield* cpu.down_read(this.css_set_rwsem);
        if (threadgroup) yield* this.rcu_read_lock(cpu);
        let task: task_struct | undefined = leader;
        while (task !== undefined) {
          const cset = yield* cpu.read(task.cgroups);
          yield* this.cgroup_migrate_add_src(cpu, cset, dst_cgrp, preloaded_csets);
          task = threadgroup ? yield* this.next_thread(cpu, task, leader) : undefined;
        }
        if (threadgroup) yield* this.rcu_read_unlock(cpu);
        yield* cpu.up_read(this.css_set_rwsem);

        let ret = yield* this.cgroup_migrate_prepare_dst(cpu, dst_cgrp, preloaded_csets);
        if (ret === 0) ret = yield* this.cgroup_migrate(cpu, dst_cgrp, leader, threadgroup);
        yield* this.cgroup_migrate_finish(cpu, preloaded_csets);
        return ret;
      }
    },
);
