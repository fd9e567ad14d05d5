// What a migration keeps on the kernel stack of its thread: lists that other threads reach through css_sets.
import { Struct } from '../struct.js';
import type { Cell, ListHead, Memory, Named } from '../../machine/index.js';
import type { css_set } from './css-set.js';
import { css_task_iterator } from './iterator.js';
import type { task_struct } from './task.js';

/** What the subsystems are shown: read it by cgroup_taskset_first() and cgroup_taskset_next(). */
export class cgroup_taskset implements Named {
  readonly name: string;
  readonly label: string;
  /** Before 0002: the tasks, in a flex_array, and how far a walk has come. */
  readonly tc_array: Cell<readonly task_struct[]>;
  readonly idx: Cell<number>;
  /** From 0002: css_sets that tasks leave and enter; csets is the one of the two whose mg_tasks hold them now. */
  readonly src_csets: ListHead<css_set>;
  readonly dst_csets: ListHead<css_set>;
  readonly csets: Cell<ListHead<css_set>>;
  readonly cur_cset: Cell<css_set | undefined>;
  readonly cur_task: Cell<task_struct | undefined>;

  constructor(memory: Memory) {
    this.name = `${memory.name}.tset`;
    this.label = 'tset';
    this.tc_array = memory.cell<readonly task_struct[]>('tset.tc_array', Object.freeze([]));
    this.idx = memory.cell('tset.idx', 0);
    this.src_csets = memory.list<css_set>('tset.src_csets');
    this.dst_csets = memory.list<css_set>('tset.dst_csets');
    this.csets = memory.cell('tset.csets', this.src_csets);
    this.cur_cset = memory.cell<css_set | undefined>('tset.cur_cset', undefined);
    this.cur_task = memory.cell<task_struct | undefined>('tset.cur_task', undefined);
  }
}

export class kernel_stack extends Struct {
  readonly tset: cgroup_taskset;
  /** From 0004: of cgroup_attach_task() and cgroup_transfer_tasks(). */
  readonly preloaded_csets: ListHead<css_set>;
  /** From 0004: of cgroup_migrate_prepare_dst(). */
  readonly csets: ListHead<css_set>;
  /** In v6.12: what a struct cgroup_mgctx has besides its taskset. */
  readonly preloaded_src_csets: ListHead<css_set>;
  readonly preloaded_dst_csets: ListHead<css_set>;
  /** In v6.12: one walk at a time. */
  readonly it: css_task_iterator;

  constructor(memory: Memory) {
    super(memory);
    this.tset = new cgroup_taskset(memory);
    this.preloaded_csets = memory.list<css_set>('preloaded_csets');
    this.csets = memory.list<css_set>('csets');
    this.preloaded_src_csets = memory.list<css_set>('mgctx.preloaded_src_csets');
    this.preloaded_dst_csets = memory.list<css_set>('mgctx.preloaded_dst_csets');
    this.it = new css_task_iterator(memory);
  }
}
