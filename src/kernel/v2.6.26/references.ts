// References on css_sets: a kref, whose last put takes the css_set out of the table after the count has become 0.
import type { Path } from '../../machine/index.js';
import { CGRP_RELEASABLE, type css_set } from './css-set.js';
import { Release } from './release.js';
import type { Cpu } from './task.js';

export abstract class References extends Release {
  /** get_css_set(), kernel/cgroup.c:292, v2.6.26: kref_get(), lib/kref.c:37, which warns of a count of 0. */
  *get_css_set(cpu: Cpu, cset: css_set): Path {
    const dead = (yield* cpu.atomic_read(cset.refcount)) === 0;
    yield* cpu.WARN_ON(dead, 'kref_get() of a css_set whose last reference was put');
    yield* cpu.atomic_inc(cset.refcount);
  }

  /** put_css_set(), kernel/cgroup.c:297, v2.6.26. Do not hold css_set_lock. */
  *put_css_set(cpu: Cpu, cset: css_set): Path {
    yield* this.__put_css_set(cpu, cset, false);
  }

  /** put_css_set_taskexit(), kernel/cgroup.c:302, v2.6.26. Do not hold css_set_lock; cgroup_mutex is not held. */
  *put_css_set_taskexit(cpu: Cpu, cset: css_set): Path {
    yield* this.__put_css_set(cpu, cset, true);
  }

  /** What both do: kref_put(), lib/kref.c:56, v2.6.26. The name is that of 146aa1bd0511, which makes it a function. */
  *__put_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
    if (!(yield* cpu.atomic_dec_and_test(cset.refcount))) return;
    yield* cpu.write_lock(this.css_set_lock);
    yield* this.unlink_css_set(cpu, cset);
    yield* cpu.write_unlock(this.css_set_lock);
    yield* this.release_css_set(cpu, cset, taskexit);
  }

  /**
   * unlink_css_set(), kernel/cgroup.c:242, v2.6.26: what it does under css_set_lock, which it takes itself until
   * 146aa1bd0511. Leaves out: css_set_count.
   */
  *unlink_css_set(cpu: Cpu, cset: css_set): Path {
    yield* cpu.list_del(cset.hlist);
    for (;;) {
      const link = yield* cpu.list_first(cset.cg_links);
      if (link === undefined) break;
      yield* cpu.list_del(link.cg_link_list);
      yield* cpu.list_del(link.cgrp_link_list);
      yield* cpu.kfree(link);
    }
  }

  /**
   * The rest of __release_css_set(), kernel/cgroup.c:258, v2.6.26. No lock; a read section of RCU keeps the cgroups.
   * Leaves out: that a cgroup is counted once per subsystem; here it is once per hierarchy.
   */
  *release_css_set(cpu: Cpu, cset: css_set, taskexit: boolean): Path {
    yield* cpu.rcu_read_lock();
    for (const cgrp of yield* cpu.read(cset.subsys)) {
      if (!(yield* cpu.atomic_dec_and_test(cgrp.count))) continue;
      if (!(yield* this.reads_notify_on_release(cpu, cgrp))) continue;
      if (taskexit) yield* cpu.set_bit(cgrp.flags, CGRP_RELEASABLE);
      yield* this.check_for_release(cpu, cgrp);
    }
    yield* cpu.rcu_read_unlock();
    yield* cpu.emit(this.events.css_set_freed, { cset });
    yield* this.free_css_set(cpu, cset);
  }

  /** The kfree() at its end: at once, whoever reads. */
  *free_css_set(cpu: Cpu, cset: css_set): Path {
    yield* cpu.kfree(cset);
  }
}
