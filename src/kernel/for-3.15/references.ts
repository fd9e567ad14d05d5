// References on css_sets: taken, given back, and what the last one does.
import type { Path } from '../../machine/index.js';
import type { css_set } from './css-set.js';
import { Release } from './release.js';
import type { Cpu } from './task.js';

export abstract class References extends Release {
  /** get_css_set(), kernel/cgroup.c:433, v3.15. The caller knows that the count is not 0. */
  *get_css_set(cpu: Cpu, cset: css_set): Path {
    yield* cpu.atomic_inc(cset.refcount);
  }

  /** put_css_set(), kernel/cgroup.c:415, v3.15. Takes css_set_rwsem for the last reference: do not hold it. */
  *put_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
    if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
    yield* cpu.down_write(this.css_set_rwsem);
    yield* this.put_css_set_locked(cpu, cset, taskexit);
    yield* cpu.up_write(this.css_set_rwsem);
  }

  /**
   * put_css_set_locked(), kernel/cgroup.c:383, v3.15. Under css_set_rwsem, for writing.
   * Leaves out: css_set_count, the grace period of kfree_rcu().
   */
  *put_css_set_locked(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
    yield* cpu.lockdep_assert_held(this.css_set_rwsem);
    if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
    yield* cpu.list_del_init(cset.hlist);
    for (;;) {
      const link = yield* cpu.list_first(cset.cgrp_links);
      if (link === undefined) break;
      yield* cpu.list_del(link.cset_link);
      yield* cpu.list_del(link.cgrp_link);
      if (this.usesReleaseAgent) {
        yield* this.css_set_unlinked(cpu, yield* cpu.read(link.cgrp), taskexit);
      }
      yield* cpu.kfree(link);
    }
    yield* cpu.emit(this.events.css_set_freed, { cset });
    yield* cpu.kfree(cset);
  }
}
