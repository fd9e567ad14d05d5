// struct css_task_iter of v6.12: where a walk over the tasks of a cgroup stands while it holds no lock. It is on the list
// of its css_set, so that whoever takes a task off pushes it on. Up to v4.1 a walk held the lock from start to end.
import type { Cell, ListHead, Memory, Named } from '../../machine/index.js';
import type { cgrp_cset_link, css_set } from './css-set.js';
import { showBits } from '../bits.js';
import type { task_struct } from './task.js';

/** css_task_iter.flags: include/linux/cgroup.h, v6.12. */
export const CSS_TASK_ITER_PROCS = 1;
export const CSS_TASK_ITER_SKIPPED = 1 << 16;

export class css_task_iterator implements Named {
  readonly name: string;
  readonly label: string;
  readonly flags: Cell<number>;
  /** The link of the css_set that it stands in, or the head of the cgroup's list; null at the end. */
  readonly cset_pos: Cell<ListHead<cgrp_cset_link> | null>;
  readonly cset_head: Cell<ListHead<cgrp_cset_link> | null>;
  /** The css_set that it is registered with, and has a reference on. */
  readonly cur_cset: Cell<css_set | null>;
  readonly cur_tasks_head: Cell<ListHead<task_struct> | null>;
  /** The node of the task to return next, or null. */
  readonly task_pos: Cell<ListHead<unknown> | null>;
  /** The task that was returned last, with a reference. */
  readonly cur_task: Cell<task_struct | null>;
  /** On css_set.task_iters. */
  readonly iters_node: ListHead<css_task_iterator>;

  constructor(memory: Memory) {
    this.name = `${memory.name}.it`;
    this.label = 'it';
    this.flags = memory.cell<number>(
      'it.flags',
      0,
      showBits([CSS_TASK_ITER_PROCS, 'PROCS'], [CSS_TASK_ITER_SKIPPED, 'SKIPPED']),
    );
    this.cset_pos = memory.cell<ListHead<cgrp_cset_link> | null>('it.cset_pos', null);
    this.cset_head = memory.cell<ListHead<cgrp_cset_link> | null>('it.cset_head', null);
    this.cur_cset = memory.cell<css_set | null>('it.cur_cset', null);
    this.cur_tasks_head = memory.cell<ListHead<task_struct> | null>('it.cur_tasks_head', null);
    this.task_pos = memory.cell<ListHead<unknown> | null>('it.task_pos', null);
    this.cur_task = memory.cell<task_struct | null>('it.cur_task', null);
    this.iters_node = memory.list<css_task_iterator>('it.iters_node', this);
  }
}
