// 0007 "cgroup: update cgroup_transfer_tasks() to either succeed or fail": every destination is prepared
// before the first task is moved, and cgroup_mutex is held all the way.
import { Loop, type Path } from '../../../machine/index.js';
import { type Patch, requires } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu, task_struct } from '../task.js';
import { p0004 } from './0004.js';

/** What 0007 adds, for those who lock more. */
export interface TransferLocks {
  transfer_lock(cpu: Cpu): Path;
  transfer_unlock(cpu: Cpu): Path;
}

export const p0007: Patch<For315, TransferLocks> = requires(
  p0004,
  (Base) =>
    class P0007 extends Base {
      /**
       * cgroup_transfer_tasks(), kernel/cgroup.c:2897, v3.15. The caller holds nothing; takes cgroup_mutex, and no
       * threadgroup's lock. Fails half-way only if can_attach() does. Goes round on an exiting task that is
       * still linked until that is unlinked.
       */
      override *cgroup_transfer_tasks(cpu: Cpu, to: cgroup, from: cgroup): Path<number> {
        const { preloaded_csets } = this.stack(cpu.thread);
        const round = new Loop('the same task again');
        let last: task_struct | undefined;
        yield* this.init_list_head(cpu, preloaded_csets);
        yield* cpu.emit(this.events.transfer_started, { from, to });
        yield* this.transfer_lock(cpu);
        yield* cpu.down_read(this.css_set_rwsem);
        let link = yield* cpu.list_first(from.cset_links);
        while (link !== undefined) {
          const cset = yield* cpu.read(link.cset);
          yield* this.cgroup_migrate_add_src(cpu, cset, to, preloaded_csets);
          link = yield* cpu.list_next(link.cset_link, from.cset_links);
        }
        yield* cpu.up_read(this.css_set_rwsem);

        let ret = yield* this.cgroup_migrate_prepare_dst(cpu, to, preloaded_csets);
        while (ret === 0) {
          const task = yield* this.first_task_of(cpu, from);
          if (task === undefined) break;
          yield* cpu.emit(this.events.transfer_picked, { from, task });
          if (task === last) yield* cpu.loop(round, task);
          last = task;
          ret = yield* this.cgroup_migrate(cpu, to, task, false);
          yield* this.put_task_struct(cpu, task);
        }
        yield* this.cgroup_migrate_finish(cpu, preloaded_csets);
        yield* cpu.emit(this.events.transfer_returned, { from, to, ret });
        yield* this.transfer_unlock(cpu);
        return ret;
      }

      /** The locks around all of it. */
      *transfer_lock(cpu: Cpu): Path {
        yield* cpu.mutex_lock(this.cgroup_mutex);
      }

      *transfer_unlock(cpu: Cpu): Path {
        yield* cpu.mutex_unlock(this.cgroup_mutex);
      }
    },
);
