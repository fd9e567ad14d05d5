// Which cgroups a task is in: a css_set stands for one cgroup of every hierarchy and is shared by all tasks in
// just those; cg_cgroup_links tie the two together, many to many.
import type { Cell, ListHead, Memory, Named } from '../../machine/index.js';
import { showBits } from '../bits.js';
import { Struct } from '../struct.js';
import { uninitialised } from '../uninitialised.js';
import type { cgroup_subsys } from './subsystem.js';
import type { task_struct } from './task.js';

/** cgroup.flags, as masks: include/linux/cgroup.h, v2.6.26. */
export const CGRP_REMOVED = 0x1;
export const CGRP_RELEASABLE = 0x2;
export const CGRP_NOTIFY_ON_RELEASE = 0x4;

/** A hierarchy. Made in setup, so what it is never changes. */
export class cgroupfs_root implements Named {
  readonly name: string;
  readonly label: string;
  /** Hierarchies are numbered in the order in which they were mounted. */
  readonly index: number;
  /** The subsystems bound to it, in order. */
  readonly subsys_list: cgroup_subsys[] = [];

  constructor(name: string, index: number) {
    this.name = name;
    this.label = name;
    this.index = index;
  }
}

export class cgroup extends Struct {
  readonly root: cgroupfs_root;
  readonly flags: Cell<number>;
  /** How many css_sets stand for it; the C counts each once per subsystem of the hierarchy. */
  readonly count: Cell<number>;
  /** The links to every css_set that stands for this cgroup. */
  readonly css_sets: ListHead<cg_cgroup_link>;
  readonly children: ListHead<cgroup>;
  /** On the children of its parent. */
  readonly sibling: ListHead<cgroup>;
  /** On the list of those of whose release userspace is to be told. */
  readonly release_list: ListHead<cgroup>;

  constructor(memory: Memory, root: cgroupfs_root) {
    super(memory);
    this.root = root;
    const show = showBits(
      [CGRP_REMOVED, 'CGRP_REMOVED'],
      [CGRP_RELEASABLE, 'CGRP_RELEASABLE'],
      [CGRP_NOTIFY_ON_RELEASE, 'CGRP_NOTIFY_ON_RELEASE'],
    );
    this.flags = memory.cell<number>('flags', 0, show);
    this.count = memory.cell<number>('count', 0);
    this.css_sets = memory.list<cg_cgroup_link>('css_sets');
    this.children = memory.list<cgroup>('children');
    this.sibling = memory.list<cgroup>('sibling', this);
    this.release_list = memory.list<cgroup>('release_list', this);
  }
}

export class css_set extends Struct {
  /** `ref`, a kref until 146aa1bd0511. 0 only before the object is made, and while it is being freed. */
  readonly refcount: Cell<number>;
  /** On css_set_table. */
  readonly hlist: ListHead<css_set>;
  readonly tasks: ListHead<task_struct>;
  readonly cg_links: ListHead<cg_cgroup_link>;
  /** Its cgroup in each hierarchy, by index: what subsys[] points to. Never changes once the object is published. */
  readonly subsys: Cell<readonly cgroup[]>;

  constructor(memory: Memory) {
    super(memory);
    this.refcount = memory.refcount('refcount', 0);
    this.hlist = memory.list<css_set>('hlist', this);
    this.tasks = memory.list<task_struct>('tasks');
    this.cg_links = memory.list<cg_cgroup_link>('cg_links');
    this.subsys = memory.cell<readonly cgroup[]>('subsys', Object.freeze([]));
  }
}

export class cg_cgroup_link extends Struct {
  readonly cg: Cell<css_set>;
  /** On cgroup.css_sets. */
  readonly cgrp_link_list: ListHead<cg_cgroup_link>;
  /** On css_set.cg_links. */
  readonly cg_link_list: ListHead<cg_cgroup_link>;

  constructor(memory: Memory) {
    super(memory);
    this.cg = memory.cell<css_set>('cg', uninitialised);
    this.cgrp_link_list = memory.list<cg_cgroup_link>('cgrp_link_list', this);
    this.cg_link_list = memory.list<cg_cgroup_link>('cg_link_list', this);
  }
}

/** The same cgroups, but `cgrp` in its own hierarchy. */
export function withCgroup(cgroups: readonly cgroup[], cgrp: cgroup): readonly cgroup[] {
  return Object.freeze(cgroups.map((old) => (old.root === cgrp.root ? cgrp : old)));
}

export function sameCgroups(a: readonly cgroup[], b: readonly cgroup[]): boolean {
  return a.length === b.length && a.every((cgrp, i) => cgrp === b[i]);
}
