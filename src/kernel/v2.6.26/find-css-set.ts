// Finding the css_set that is like another one but for one cgroup, and making it where there is none.
import type { Path } from '../../machine/index.js';
import { cg_cgroup_link, type cgroup, css_set, sameCgroups, withCgroup } from './css-set.js';
import { References } from './references.js';
import type { Cpu, task_struct } from './task.js';

export abstract class FindCssSet extends References {
  /**
   * task_cgroup(), include/linux/cgroup.h:345, v2.6.26: the cgroup in the hierarchy of `like`. No lock of its own,
   * and follows task->cgroups.
   */
  *task_cgroup(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
    const cset = yield* cpu.read(task.cgroups);
    return (yield* cpu.read(cset.subsys))[like.root.index] as cgroup;
  }

  /**
   * find_existing_css_set(), kernel/cgroup.c:320, v2.6.26. Under css_set_lock; takes no reference.
   * Returns the cgroups wanted, and the css_set that has them, if any.
   * Leaves out: the hash; the table is one bucket.
   */
  *find_existing_css_set(
    cpu: Cpu,
    oldcg: css_set,
    cgrp: cgroup,
  ): Path<readonly [template: readonly cgroup[], cset: css_set | undefined]> {
    const template = withCgroup(yield* cpu.read(oldcg.subsys), cgrp);
    let cset = yield* cpu.list_first(this.css_set_table);
    while (cset !== undefined) {
      if (sameCgroups(yield* cpu.read(cset.subsys), template)) break;
      cset = yield* cpu.list_next(cset.hlist, this.css_set_table);
    }
    return Object.freeze([template, cset] as const);
  }

  /** The first section of find_css_set(): looks the css_set up and takes a reference on it, under css_set_lock. */
  *look_up_css_set(
    cpu: Cpu,
    oldcg: css_set,
    cgrp: cgroup,
  ): Path<readonly [template: readonly cgroup[], cset: css_set | undefined]> {
    yield* cpu.write_lock(this.css_set_lock);
    const found = yield* this.find_existing_css_set(cpu, oldcg, cgrp);
    const [, existing] = found;
    if (existing !== undefined) yield* this.get_css_set(cpu, existing);
    yield* cpu.write_unlock(this.css_set_lock);
    return found;
  }

  /**
   * find_css_set(), kernel/cgroup.c:404, v2.6.26. Under cgroup_mutex, which makes it the only maker of css_sets;
   * takes css_set_lock, and allocates without it. Returns a reference, or null where an allocation failed.
   * Leaves out: css_set_count, and the unmounted root, which is linked to every css_set.
   */
  *find_css_set(cpu: Cpu, oldcg: css_set, cgrp: cgroup): Path<css_set | null> {
    const [template, existing] = yield* this.look_up_css_set(cpu, oldcg, cgrp);
    if (existing !== undefined) return existing;

    const res = yield* cpu.kmalloc(css_set, 'newcg');
    if (res === null) return null;
    const links: cg_cgroup_link[] = [];
    while (links.length < this.tops.length) {
      const link = yield* cpu.kmalloc(cg_cgroup_link, 'link');
      if (link === null) {
        for (const allocated of links) yield* cpu.kfree(allocated);
        yield* cpu.kfree(res);
        return null;
      }
      links.push(link);
    }
    yield* cpu.init(res.refcount, 1);
    yield* cpu.init(res.subsys, template);
    yield* cpu.init(this.objects_known, true);

    yield* cpu.write_lock(this.css_set_lock);
    for (const [i, link] of links.entries()) {
      const c = template[i] as cgroup;
      yield* cpu.atomic_inc(c.count);
      yield* cpu.init(link.cg, res);
      yield* cpu.list_add(link.cgrp_link_list, c.css_sets);
      yield* cpu.list_add(link.cg_link_list, res.cg_links);
    }
    yield* cpu.list_add(res.hlist, this.css_set_table);
    yield* cpu.write_unlock(this.css_set_lock);
    return res;
  }
}
