// 07fd5b6cdf3c "cgroup: Use separate src/dst nodes when preloading css_sets for migration" (v5.19): a css_set can be
// preloaded as a source and as a destination at once, with a reference for each.
import type { ListHead, Path } from '../../../machine/index.js';
import { ENOMEM } from '../../errno.js';
import { type Patch, requires } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu } from '../task.js';
import { p0003 } from './0003.js';
import { p0004 } from './0004.js';

/**
 * Two nodes need two lists, which upstream has had since v4.11, in struct cgroup_mgctx: they come with this patch here.
 */
export const splitNodes: Patch<For315> = requires(
  [p0003, p0004],
  (Base) =>
    class SplitNodes extends Base {
      /** cgroup_migrate_add_src(), kernel/cgroup/cgroup.c, v5.19, with css_set_rwsem. Under cgroup_mutex. */
      override *cgroup_migrate_add_src(
        cpu: Cpu,
        src_cset: css_set,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path {
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.lockdep_assert_held(this.css_set_rwsem);
        if (!(yield* cpu.list_empty(src_cset.mg_src_preload_node))) return;
        const src_cgrp = yield* this.cset_cgroup_from_root(cpu, src_cset, dst_cgrp);
        const isSource = (yield* cpu.read(src_cset.mg_src_cgrp)) !== null;
        yield* cpu.WARN_ON(isSource, 'mg_src_cgrp of a new source is set');
        const busy = !(yield* cpu.list_empty(src_cset.mg_tasks));
        yield* cpu.WARN_ON(busy, 'mg_tasks of a new source is not empty');
        const chained = !(yield* cpu.list_empty(src_cset.mg_node));
        yield* cpu.WARN_ON(chained, 'mg_node of a new source is on a list');
        yield* cpu.write(src_cset.mg_src_cgrp, src_cgrp);
        yield* this.get_css_set(cpu, src_cset);
        yield* cpu.list_add_tail(src_cset.mg_src_preload_node, preloaded_csets);
      }

      /** cgroup_migrate_prepare_dst(), kernel/cgroup/cgroup.c, v5.19, with css_set_rwsem. Under cgroup_mutex. */
      override *cgroup_migrate_prepare_dst(
        cpu: Cpu,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path<number> {
        const { preloaded_dst_csets } = this.stack(cpu.thread);
        yield* this.init_list_head(cpu, preloaded_dst_csets);
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        let src_cset = yield* cpu.list_first(preloaded_csets);
        while (src_cset !== undefined) {
          const next: css_set | undefined = yield* cpu.list_next(
            src_cset.mg_src_preload_node,
            preloaded_csets,
          );
          const dst_cset = yield* this.find_css_set(cpu, src_cset, dst_cgrp);
          if (dst_cset === null) return -ENOMEM;
          yield* this.pair_csets(cpu, src_cset, dst_cset, preloaded_dst_csets);
          src_cset = next;
        }
        return 0;
      }

      /** The rest of its loop. */
      *pair_csets(cpu: Cpu, src_cset: css_set, dst_cset: css_set, csets: ListHead<css_set>): Path {
        const paired =
          (yield* cpu.read(src_cset.mg_dst_cset)) !== null ||
          (yield* cpu.read(dst_cset.mg_dst_cset)) !== null;
        yield* cpu.WARN_ON(paired, 'mg_dst_cset of a source or destination is set');
        if (src_cset === dst_cset) {
          yield* cpu.write(src_cset.mg_src_cgrp, null);
          yield* cpu.list_del_init(src_cset.mg_src_preload_node);
          yield* this.put_css_set(cpu, src_cset, false);
          yield* this.put_css_set(cpu, dst_cset, false);
          return;
        }
        yield* cpu.write(src_cset.mg_dst_cset, dst_cset);
        if (yield* cpu.list_empty(dst_cset.mg_dst_preload_node)) {
          yield* cpu.list_add_tail(dst_cset.mg_dst_preload_node, csets);
        } else {
          yield* this.put_css_set(cpu, dst_cset, false);
        }
      }

      /** cgroup_migrate_finish(), kernel/cgroup/cgroup.c, v5.19, with css_set_rwsem. Under cgroup_mutex. */
      override *cgroup_migrate_finish(cpu: Cpu, preloaded_csets: ListHead<css_set>): Path {
        const { preloaded_dst_csets } = this.stack(cpu.thread);
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.down_write(this.css_set_rwsem);
        for (;;) {
          const cset = yield* cpu.list_first(preloaded_csets);
          if (cset === undefined) break;
          yield* this.finish_cset(cpu, cset, cset.mg_src_preload_node);
        }
        for (;;) {
          const cset = yield* cpu.list_first(preloaded_dst_csets);
          if (cset === undefined) break;
          yield* this.finish_cset(cpu, cset, cset.mg_dst_preload_node);
        }
        yield* cpu.up_write(this.css_set_rwsem);
      }

      /** The body of both of its loops. */
      *finish_cset(cpu: Cpu, cset: css_set, node: ListHead<css_set>): Path {
        yield* cpu.write(cset.mg_src_cgrp, null);
        yield* cpu.write(cset.mg_dst_cset, null);
        yield* cpu.list_del_init(node);
        yield* this.put_css_set_locked(cpu, cset, false);
      }
    },
);
