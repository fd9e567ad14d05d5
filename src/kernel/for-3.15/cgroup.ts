// A cgroup and the hierarchy that it is in. What only directories, controllers and the release agent use is here
// from the start as well: cells that nobody touches cost nothing.
import { Struct } from '../struct.js';
import type { Cell, ListHead, Memory, Named, Work } from '../../machine/index.js';
import type { cgrp_cset_link } from './css-set.js';
import type { cgroup_subsys_state } from './css.js';
import type { kernfs_node } from './kernfs-node.js';
import type { cgroup_subsys } from './subsystem.js';
import { showBits } from '../bits.js';

/** cgroup.flags, as masks: include/linux/cgroup.h:120, v3.15. */
export const CGRP_DEAD = 0x1;
export const CGRP_RELEASABLE = 0x2;
export const CGRP_NOTIFY_ON_RELEASE = 0x4;
/** In v6.12, where it has another number. */
export const CGRP_KILL = 0x40;

/** How many controllers one hierarchy can have in this model. */
export const CGROUP_SUBSYS_COUNT = 3;

/** A hierarchy. Made in setup, so what it is never changes. */
export class cgroup_root implements Named {
  readonly name: string;
  readonly label: string;
  /** Hierarchies are numbered in the order in which they were mounted. */
  readonly index: number;
  /** The subsystems bound to it, in order. */
  readonly subsystems: cgroup_subsys[] = [];
  /** The type of its cgroups, for allocations: they know their hierarchy. */
  readonly cgroup_type: new (memory: Memory) => cgroup;

  constructor(name: string, index: number) {
    this.name = name;
    this.label = name;
    this.index = index;
    this.cgroup_type = typeOf(this);
  }
}

/** A class of that name: objects that a run makes are named after their type. */
function typeOf(root: cgroup_root): new (memory: Memory) => cgroup {
  const Base = cgroup;
  return {
    cgroup: class extends Base {
      constructor(memory: Memory) {
        super(memory, root);
      }
    },
  }.cgroup;
}

export class cgroup extends Struct {
  readonly root: cgroup_root;
  readonly flags: Cell<number>;
  /** The links to every css_set that stands for this cgroup. */
  readonly cset_links: ListHead<cgrp_cset_link>;
  /** 0 only while the object has not been made in this execution, and while it is being freed. */
  readonly refcnt: Cell<number>;
  readonly parent: Cell<cgroup | null>;
  readonly children: ListHead<cgroup>;
  /** On the children of its parent, dead ones included until their last css is offline. */
  readonly sibling: ListHead<cgroup>;
  /** Its directory. */
  readonly kn: Cell<kernfs_node | null>;
  /** Its state in each controller of the hierarchy, by the order in which they were bound. */
  readonly subsys: readonly Cell<cgroup_subsys_state | null>[];
  /** Which of those were not killed yet; under cgroup_tree_mutex. */
  readonly subsys_mask: Cell<number>;
  /** How many of them are online; under cgroup_mutex. */
  readonly nr_css: Cell<number>;
  /** On release_list. */
  readonly release_list: ListHead<cgroup>;
  readonly destroy_work: Work;
  /** In v6.12: how many of its css_sets have tasks that do not exit. */
  readonly nr_populated_csets: Cell<number>;
  /** Since v6.14: how often cgroup.kill was written. */
  readonly kill_seq: Cell<number>;

  constructor(memory: Memory, root: cgroup_root) {
    super(memory);
    this.root = root;
    this.flags = memory.cell<number>(
      'flags',
      0,
      showBits(
        [CGRP_DEAD, 'CGRP_DEAD'],
        [CGRP_RELEASABLE, 'CGRP_RELEASABLE'],
        [CGRP_NOTIFY_ON_RELEASE, 'CGRP_NOTIFY_ON_RELEASE'],
        [CGRP_KILL, 'CGRP_KILL'],
      ),
    );
    this.cset_links = memory.list<cgrp_cset_link>('cset_links');
    this.refcnt = memory.refcount('refcnt', 0);
    this.parent = memory.cell<cgroup | null>('parent', null);
    this.children = memory.list<cgroup>('children');
    this.sibling = memory.list<cgroup>('sibling', this);
    this.kn = memory.cell<kernfs_node | null>('kn', null);
    this.subsys = Array.from({ length: CGROUP_SUBSYS_COUNT }, (_, i) =>
      memory.cell<cgroup_subsys_state | null>(`subsys[${String(i)}]`, null),
    );
    this.subsys_mask = memory.cell<number>('subsys_mask', 0);
    this.nr_css = memory.cell<number>('nr_css', 0);
    this.release_list = memory.list<cgroup>('release_list', this);
    this.destroy_work = memory.work('destroy_work');
    this.nr_populated_csets = memory.cell<number>('nr_populated_csets', 0);
    this.kill_seq = memory.cell<number>('kill_seq', 0);
  }
}
