// References on css_sets, and finding the one that is like another but for one cgroup, as in v3.0 and v3.1:
// css_set_lock is a spinning rwlock.
import type { Path } from '../../machine/index.js';
import { type cgroup, css_set, sameCgroups, withCgroup } from './css-set.js';
import { State } from './state.js';
import type { Cpu, task_struct } from './task.js';

export abstract class CssSets extends State {
  /** get_css_set(), kernel/cgroup.c, v3.0. The caller knows that the count is not 0. */
  *get_css_set(cpu: Cpu, cg: css_set): Path {
    yield* cpu.atomic_inc(cg.refcount);
  }

  /**
   * put_css_set() with __put_css_set(), kernel/cgroup.c, v3.0: the last reference is given back under css_set_lock.
   * Do not hold that. Leaves out: links, notify_on_release, and the grace period before the memory is free.
   */
  *put_css_set(cpu: Cpu, cg: css_set): Path {
    if (yield* cpu.atomic_add_unless(cg.refcount, -1, 1)) return;
    yield* cpu.write_lock(this.css_set_lock);
    if (!(yield* cpu.atomic_dec_and_test(cg.refcount))) {
      yield* cpu.write_unlock(this.css_set_lock);
      return;
    }
    yield* cpu.list_del_init(cg.hlist);
    yield* cpu.write_unlock(this.css_set_lock);
    yield* cpu.kfree(cg);
  }

  /**
   * find_existing_css_set(), kernel/cgroup.c, v3.0. Under css_set_lock; takes no reference. Returns the cgroups
   * wanted, and the css_set that has them. Leaves out: the hash, and the comparison along links.
   */
  *find_existing_css_set(
    cpu: Cpu,
    oldcg: css_set,
    cgrp: cgroup,
  ): Path<readonly [template: readonly cgroup[], cg: css_set | undefined]> {
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    const template = withCgroup(yield* cpu.read(oldcg.subsys), cgrp);
    let cg = yield* cpu.list_first(this.css_set_table);
    while (cg !== undefined) {
      if (sameCgroups(yield* cpu.read(cg.subsys), template)) break;
      cg = yield* cpu.list_next(cg.hlist, this.css_set_table);
    }
    return Object.freeze([template, cg] as const);
  }

  /**
   * find_css_set(), kernel/cgroup.c, v3.0. Under cgroup_mutex; allocates without css_set_lock, and may sleep.
   * Returns a reference, or null where the allocation failed. Leaves out: the links and their allocation.
   */
  *find_css_set(cpu: Cpu, oldcg: css_set, cgrp: cgroup): Path<css_set | null> {
    yield* cpu.read_lock(this.css_set_lock);
    const [template, existing] = yield* this.find_existing_css_set(cpu, oldcg, cgrp);
    if (existing !== undefined) yield* this.get_css_set(cpu, existing);
    yield* cpu.read_unlock(this.css_set_lock);
    if (existing !== undefined) return existing;

    const res = yield* cpu.kmalloc(css_set, 'new_cg');
    if (res === null) return null;
    yield* cpu.init(res.refcount, 1);
    yield* cpu.init(res.subsys, template);
    yield* cpu.write_lock(this.css_set_lock);
    yield* cpu.list_add(res.hlist, this.css_set_table);
    yield* cpu.write_unlock(this.css_set_lock);
    return res;
  }

  /**
   * task_cgroup_from_root(), kernel/cgroup.c, v3.0. Under cgroup_mutex, so that the task can do nothing but exit;
   * takes css_set_lock. `like` is any cgroup of the hierarchy asked for. Leaves out: the walk along links.
   */
  *task_cgroup_from_root(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    yield* cpu.read_lock(this.css_set_lock);
    const css = yield* cpu.read(task.cgroups);
    const cgroups = yield* cpu.read(css.subsys);
    yield* cpu.read_unlock(this.css_set_lock);
    return cgroups[like.root.index] as cgroup;
  }
}
