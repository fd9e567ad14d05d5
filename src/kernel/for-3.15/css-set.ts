// Which cgroups a task is in: a css_set stands for one cgroup of every hierarchy and is shared by all tasks in
// just those; links tie css_sets and cgroups together, many to many.
import { Struct } from '../struct.js';
import type { Cell, ListHead, Memory } from '../../machine/index.js';
import { uninitialised } from '../uninitialised.js';
import { cgroup, cgroup_root, CGRP_KILL, CGRP_RELEASABLE } from './cgroup.js';
import type { css_task_iterator } from './iterator.js';
import type { task_struct } from './task.js';

export { cgroup, cgroup_root, CGRP_KILL, CGRP_RELEASABLE };

/**
 * A css_set has the fields of the whole series from the start: a patch changes behaviour, and a list that nobody
 * puts anything on does no harm.
 */
export class css_set extends Struct {
  /** 0 only while the object has not been made in this execution, and while it is being freed. */
  readonly refcount: Cell<number>;
  /** On css_set_table. */
  readonly hlist: ListHead<css_set>;
  readonly tasks: ListHead<task_struct>;
  readonly cgrp_links: ListHead<cgrp_cset_link>;
  /** Its cgroup in each hierarchy, by index: what the C compares as subsys[] and along cgrp_links. */
  readonly subsys: Cell<readonly cgroup[]>;
  /** From 0001: tasks that are being migrated, out or in. */
  readonly mg_tasks: ListHead<task_struct>;
  /** From 0002: on the source or destination list of a taskset. */
  readonly mg_node: ListHead<css_set>;
  readonly mg_src_cgrp: Cell<cgroup | null>;
  readonly mg_dst_cset: Cell<css_set | null>;
  /** From 0004: on the list of a migration that is being prepared. */
  readonly mg_preload_node: ListHead<css_set>;
  /** In v6.12: tasks past cgroup_exit() that are not released yet. */
  readonly dying_tasks: ListHead<task_struct>;
  readonly nr_tasks: Cell<number>;
  /** In v6.12: the iterators that stand in this css_set. */
  readonly task_iters: ListHead<css_task_iterator>;
  readonly mg_dst_cgrp: Cell<cgroup | null>;
  readonly mg_src_preload_node: ListHead<css_set>;
  readonly mg_dst_preload_node: ListHead<css_set>;

  constructor(memory: Memory) {
    super(memory);
    this.refcount = memory.refcount('refcount', 0);
    this.hlist = memory.list<css_set>('hlist', this);
    this.tasks = memory.list<task_struct>('tasks');
    this.cgrp_links = memory.list<cgrp_cset_link>('cgrp_links');
    this.subsys = memory.cell<readonly cgroup[]>('subsys', Object.freeze([]));
    this.mg_tasks = memory.list<task_struct>('mg_tasks');
    this.mg_node = memory.list<css_set>('mg_node', this);
    this.mg_src_cgrp = memory.cell<cgroup | null>('mg_src_cgrp', null);
    this.mg_dst_cset = memory.cell<css_set | null>('mg_dst_cset', null);
    this.mg_preload_node = memory.list<css_set>('mg_preload_node', this);
    this.dying_tasks = memory.list<task_struct>('dying_tasks');
    this.nr_tasks = memory.cell<number>('nr_tasks', 0);
    this.task_iters = memory.list<css_task_iterator>('task_iters');
    this.mg_dst_cgrp = memory.cell<cgroup | null>('mg_dst_cgrp', null);
    this.mg_src_preload_node = memory.list<css_set>('mg_src_preload_node', this);
    this.mg_dst_preload_node = memory.list<css_set>('mg_dst_preload_node', this);
  }
}

export class cgrp_cset_link extends Struct {
  readonly cgrp: Cell<cgroup>;
  readonly cset: Cell<css_set>;
  /** On cgroup.cset_links. */
  readonly cset_link: ListHead<cgrp_cset_link>;
  /** On css_set.cgrp_links. */
  readonly cgrp_link: ListHead<cgrp_cset_link>;

  constructor(memory: Memory) {
    super(memory);
    this.cgrp = memory.cell<cgroup>('cgrp', uninitialised);
    this.cset = memory.cell<css_set>('cset', uninitialised);
    this.cset_link = memory.list<cgrp_cset_link>('cset_link', this);
    this.cgrp_link = memory.list<cgrp_cset_link>('cgrp_link', this);
  }
}

/** The same cgroups, but `cgrp` in its own hierarchy. */
export function withCgroup(cgroups: readonly cgroup[], cgrp: cgroup): readonly cgroup[] {
  return Object.freeze(cgroups.map((old) => (old.root === cgrp.root ? cgrp : old)));
}

export function sameCgroups(a: readonly cgroup[], b: readonly cgroup[]): boolean {
  return a.length === b.length && a.every((cgrp, i) => cgrp === b[i]);
}
