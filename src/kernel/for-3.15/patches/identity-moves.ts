// f817de98513d "cgroup: prepare migration path for unified hierarchy" (v3.16): a css_set may be preloaded although its
// tasks stay in it. Such a source is dropped again when it turns out to be its own destination.
import type { ListHead, Path } from '../../../machine/index.js';
import { ENOMEM } from '../../errno.js';
import { type Patch, requires } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu } from '../task.js';
import { p0003 } from './0003.js';
import { p0004 } from './0004.js';

export const identityMoves: Patch<For315> = requires(
  [p0003, p0004],
  (Base) =>
    class IdentityMoves extends Base {
      /** cgroup_migrate_add_src(), kernel/cgroup.c, v4.1: not asked whether the source is in dst_cgrp already. */
      override *cgroup_migrate_add_src(
        cpu: Cpu,
        src_cset: css_set,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path {
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        yield* cpu.lockdep_assert_held(this.css_set_rwsem);
        const src_cgrp = yield* this.cset_cgroup_from_root(cpu, src_cset, dst_cgrp);
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
       * cgroup_migrate_prepare_dst(), kernel/cgroup.c, v4.1. Under cgroup_mutex; find_css_set() takes css_set_rwsem. A
       * destination that is still on the list as a source counts as preloaded, and if it is dropped from there
       * afterwards nobody holds it.
       */
      override *cgroup_migrate_prepare_dst(
        cpu: Cpu,
        dst_cgrp: cgroup,
        preloaded_csets: ListHead<css_set>,
      ): Path<number> {
        const { csets } = this.stack(cpu.thread);
        yield* this.init_list_head(cpu, csets);
        yield* cpu.lockdep_assert_held(this.cgroup_mutex);
        let src_cset = yield* cpu.list_first(preloaded_csets);
        while (src_cset !== undefined) {
          const next: css_set | undefined = yield* cpu.list_next(
            src_cset.mg_preload_node,
            preloaded_csets,
          );
          const dst_cset = yield* this.find_css_set(cpu, src_cset, dst_cgrp);
          if (dst_cset === null) {
            yield* this.cgroup_migrate_finish(cpu, csets);
            return -ENOMEM;
          }
          yield* this.pair_csets(cpu, src_cset, dst_cset, csets);
          src_cset = next;
        }
        yield* cpu.list_splice_tail_init(csets, preloaded_csets);
        return 0;
      }

      /** The rest of its loop: the reference on dst_cset goes to the list, or back. */
      *pair_csets(cpu: Cpu, src_cset: css_set, dst_cset: css_set, csets: ListHead<css_set>): Path {
        const paired =
          (yield* cpu.read(src_cset.mg_dst_cset)) !== null ||
          (yield* cpu.read(dst_cset.mg_dst_cset)) !== null;
        yield* cpu.WARN_ON(paired, 'mg_dst_cset of a source or destination is set');
        if (src_cset === dst_cset) {
          yield* cpu.write(src_cset.mg_src_cgrp, null);
          yield* cpu.list_del_init(src_cset.mg_preload_node);
          yield* this.put_css_set(cpu, src_cset, false);
          yield* this.put_css_set(cpu, dst_cset, false);
          return;
        }
        yield* cpu.write(src_cset.mg_dst_cset, dst_cset);
        if (yield* cpu.list_empty(dst_cset.mg_preload_node)) {
          yield* cpu.list_add(dst_cset.mg_preload_node, csets);
        } else {
          yield* this.put_css_set(cpu, dst_cset, false);
        }
      }
    },
);
