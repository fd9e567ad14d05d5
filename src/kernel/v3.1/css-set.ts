// Which cgroups a task is in: a css_set stands for one cgroup of every hierarchy and is shared by all tasks in just
// those. The links between the two are left out: a css_set is the tuple of its cgroups.
import type { Cell, ListHead, Memory } from '../../machine/index.js';
import { Struct } from '../struct.js';
import type { cgroup_subsys } from './subsystem.js';
import type { task_struct } from './task.js';

/** A hierarchy. Made in setup, so what it is never changes. */
export interface cgroupfs_root {
  readonly name: string;
  /** Hierarchies are numbered in the order in which they were mounted. */
  readonly index: number;
  /** The subsystems bound to it, in order. */
  readonly subsystems: cgroup_subsys[];
}

export class cgroup extends Struct {
  readonly root: cgroupfs_root;

  constructor(memory: Memory, root: cgroupfs_root) {
    super(memory);
    this.root = root;
  }
}

export class css_set extends Struct {
  readonly refcount: Cell<number>;
  /** In the hash table. */
  readonly hlist: ListHead<css_set>;
  readonly tasks: ListHead<task_struct>;
  /** Its cgroup in each hierarchy, by index. */
  readonly subsys: Cell<readonly cgroup[]>;

  constructor(memory: Memory) {
    super(memory);
    this.refcount = memory.refcount('refcount', 0);
    this.hlist = memory.list<css_set>('hlist', this);
    this.tasks = memory.list<task_struct>('tasks');
    this.subsys = memory.cell<readonly cgroup[]>('subsys', Object.freeze([]));
  }
}

/** The same cgroups, but `cgrp` in its own hierarchy. */
export function withCgroup(cgroups: readonly cgroup[], cgrp: cgroup): readonly cgroup[] {
  return Object.freeze(cgroups.map((old) => (old.root === cgrp.root ? cgrp : old)));
}

export function sameCgroups(a: readonly cgroup[], b: readonly cgroup[]): boolean {
  return a.length === b.length && a.every((cgrp, i) => cgrp === b[i]);
}
