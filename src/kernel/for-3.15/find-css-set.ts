// Finding the css_set that is like another one but for one cgroup, and making it where there is none.
import type { Path } from '../../machine/index.js';
import { type cgroup, cgrp_cset_link, css_set, sameCgroups, withCgroup } from './css-set.js';
import { References } from './references.js';
import type { Cpu, task_struct } from './task.js';

export abstract class FindCssSet extends References {
  /**
   * find_existing_css_set(), kernel/cgroup.c:516, v3.15. Under css_set_rwsem; takes no reference.
   * Returns the cgroups wanted, and the css_set that has them, if any.
   * Leaves out: the hash (the table is one bucket) and the walk along both lists of links, which a css_set's
   * tuple of cgroups stands for.
   */
  *find_existing_css_set(
    cpu: Cpu,
    old_cset: css_set,
    cgrp: cgroup,
  ): Path<readonly [template: readonly cgroup[], cset: css_set | undefined]> {
    const template = withCgroup(yield* cpu.read(old_cset.subsys), cgrp);
    let cset = yield* cpu.list_first(this.css_set_table);
    while (cset !== undefined) {
      if (sameCgroups(yield* cpu.read(cset.subsys), template)) break;
      cset = yield* cpu.list_next(cset.hlist, this.css_set_table);
    }
    return Object.freeze([template, cset] as const);
  }

  /** link_css_set(), kernel/cgroup.c:599, v3.15. Under css_set_rwsem, for writing. */
  *link_css_set(cpu: Cpu, link: cgrp_cset_link, cset: css_set, cgrp: cgroup): Path {
    yield* cpu.init(link.cset, cset);
    yield* cpu.init(link.cgrp, cgrp);
    yield* cpu.list_add(link.cset_link, cgrp.cset_links);
    yield* cpu.list_add_tail(link.cgrp_link, cset.cgrp_links);
    yield* cpu.emit(this.events.css_set_linked, { cset, cgrp });
  }

  /**
   * find_css_set(), kernel/cgroup.c:624, v3.15. Under cgroup_mutex, which makes it the only maker of css_sets;
   * takes css_set_rwsem, and allocates without it. Returns a reference, or null where an allocation failed.
   * Leaves out: css_set_count.
   */
  *find_css_set(cpu: Cpu, old_cset: css_set, cgrp: cgroup): Path<css_set | null> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    yield* cpu.down_read(this.css_set_rwsem);
    const [template, existing] = yield* this.find_existing_css_set(cpu, old_cset, cgrp);
    if (existing !== undefined) yield* this.get_css_set(cpu, existing);
    yield* cpu.up_read(this.css_set_rwsem);
    if (existing !== undefined) return existing;

    const cset = yield* cpu.kmalloc(css_set, 'new_cset');
    if (cset === null) return null;
    const links: cgrp_cset_link[] = [];
    while (links.length < this.tops.length) {
      const link = yield* cpu.kmalloc(cgrp_cset_link, 'link');
      if (link === null) {
        for (const allocated of links) yield* cpu.kfree(allocated);
        yield* cpu.kfree(cset);
        return null;
      }
      links.push(link);
    }
    yield* cpu.init(cset.refcount, 1);
    yield* cpu.init(cset.subsys, template);
    yield* cpu.init(this.objects_known, true);

    yield* cpu.down_write(this.css_set_rwsem);
    let old_link = yield* cpu.list_first(old_cset.cgrp_links);
    for (const link of links) {
      yield* cpu.BUG_ON(old_link === undefined, 'fewer links than hierarchies');
      if (old_link === undefined) break;
      const c = yield* cpu.read(old_link.cgrp);
      yield* this.link_css_set(cpu, link, cset, c.root === cgrp.root ? cgrp : c);
      old_link = yield* cpu.list_next(old_link.cgrp_link, old_cset.cgrp_links);
    }
    yield* cpu.BUG_ON(old_link !== undefined, 'more links than hierarchies');
    yield* cpu.list_add(cset.hlist, this.css_set_table);
    yield* cpu.up_write(this.css_set_rwsem);
    return cset;
  }

  /**
   * task_cgroup_from_root(), kernel/cgroup.c:710, v3.14.1; that it asserts both locks instead of taking
   * css_set_rwsem itself is reconstructed from the message of 96d365e0b86e. Under cgroup_mutex and css_set_rwsem.
   * `like` is any cgroup of the hierarchy asked for.
   * Leaves out: the walk along cgrp_links, which the css_set's tuple of cgroups stands for.
   */
  *task_cgroup_from_root(cpu: Cpu, task: task_struct, like: cgroup): Path<cgroup> {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    yield* cpu.lockdep_assert_held(this.css_set_rwsem);
    const cset = yield* cpu.read(task.cgroups);
    const cgroups = yield* cpu.read(cset.subsys);
    const res = cgroups[like.root.index];
    yield* cpu.BUG_ON(res === undefined, 'a css_set without a cgroup in the hierarchy');
    return res as cgroup;
  }
}
