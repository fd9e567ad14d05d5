// 146aa1bd0511 "cgroups: fix probable race with put_css_set[_taskexit] and find_css_set", v2.6.28: an atomic_t in
// place of the kref, which does not become 0 while somebody could find the css_set.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { Cpu } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const putUnderLock: Patch<V2626> = (Base) =>
  class PutUnderLock extends Base {
    override *get_css_set(cpu: Cpu, cset: css_set): Path {
      yield* cpu.atomic_inc(cset.refcount);
    }

    /** __put_css_set(), kernel/cgroup.c, v2.6.28. Takes css_set_lock (write) for the last reference. */
    override *__put_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
      if (yield* cpu.atomic_add_unless(cset.refcount, -1, 1)) return;
      yield* cpu.write_lock(this.css_set_lock);
      if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) {
        yield* cpu.write_unlock(this.css_set_lock);
        return;
      }
      yield* this.unlink_css_set(cpu, cset);
      yield* cpu.write_unlock(this.css_set_lock);
      yield* this.release_css_set(cpu, cset, taskexit);
    }
  };
