// Moving tasks, before 0002: an array of targets, a css_set found for each, and one commit loop.
import type { Memory, Path } from '../../machine/index.js';
import { ENOMEM } from '../errno.js';
import { type cgroup, CGRP_RELEASABLE, type css_set } from './css-set.js';
import { Exit } from './exit.js';
import { FlexArrayLayout, TASK_AND_CGROUP_SIZE } from './flex-array.js';
import type { cgroup_subsys } from './subsystem.js';
import type { Cpu, task_struct } from './task.js';
import type { cgroup_taskset } from './taskset.js';

/** struct task_and_cgroup without its css_set, which is found later. */
export type task_and_cgroup = readonly [task: task_struct, cgrp: cgroup];

/** The array of targets and one of its pages, for their allocation alone. */
class flex_array {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

class flex_array_part extends flex_array {}

export abstract class Migrate extends Exit {
  /**
   * Whether the migration path takes this task. 0005 adds a test here: upstream in cgroup_migrate(), which 0004
   * makes; without 0004 the same test stands where the loop over the threads is by then.
   */
  *may_migrate(cpu: Cpu, task: task_struct): Path<boolean> {
    return !(yield* this.is_exiting(cpu, task));
  }

  /** while_each_thread(): the next thread of the process, or undefined. Under rcu_read_lock(). */
  *next_thread(cpu: Cpu, task: task_struct, leader: task_struct): Path<task_struct | undefined> {
    return yield* cpu.list_next(task.thread_group, leader.thread_group);
  }

  /**
   * cgroup_task_migrate(), reconstructed from v3.14.1 (kernel/cgroup.c:1922) and the messages of 96d365e0b86e and
   * 56fde9e01de4. Under cgroup_mutex, css_set_rwsem (write) and, by contract, the threadgroup's lock;
   * takes task_lock. The reference on new_cset passes to the task.
   */
  *cgroup_task_migrate(cpu: Cpu, old_cgrp: cgroup, task: task_struct, new_cset: css_set): Path {
    yield* cpu.lockdep_assert_held(this.cgroup_mutex);
    yield* cpu.lockdep_assert_held(this.css_set_rwsem);
    const exiting = yield* this.is_exiting(cpu, task);
    yield* cpu.WARN_ON(exiting, 'cgroup_task_migrate() of an exiting task');
    const old_cset = yield* cpu.read(task.cgroups);
    yield* this.lock_task_cgroups(cpu, task);
    yield* cpu.write(task.cgroups, new_cset);
    yield* this.unlock_task_cgroups(cpu, task);
    yield* cpu.list_move(task.cg_list, new_cset.tasks);
    yield* cpu.emit(this.events.task_committed, { task, from: old_cset, to: new_cset });
    yield* cpu.set_bit(old_cgrp.flags, CGRP_RELEASABLE);
    yield* this.put_css_set_locked(cpu, old_cset, false);
  }

  /**
   * cgroup_attach_task(), reconstructed from v3.14.1 (kernel/cgroup.c:1964). Under cgroup_mutex and, by contract,
   * the threadgroup's lock; takes css_set_rwsem. `leader` is a single task unless `threadgroup`.
   * Leaves out: flex_array_free().
   */
  *cgroup_attach_task(
    cpu: Cpu,
    cgrp: cgroup,
    leader: task_struct,
    threadgroup: boolean,
  ): Path<number> {
    const { tset } = this.stack(cpu.thread);
    const group_size = threadgroup
      ? yield* cpu.read((yield* cpu.read(leader.signal)).nr_threads)
      : 1;
    if ((yield* this.flex_array_alloc(cpu, group_size)) < 0) return -ENOMEM;

    const targets = yield* this.snapshot_threads(cpu, cgrp, leader, threadgroup, group_size);
    if (targets.length === 0) return 0;
    yield* cpu.init(tset.tc_array, Object.freeze(targets.map(([task]) => task)));

    let ret = yield* this.subsys_can_attach(cpu, cgrp, tset);
    if (ret !== 0) return ret;

    const csets: css_set[] = [];
    for (const [task] of targets) {
      const cset = yield* this.find_css_set(cpu, yield* cpu.read(task.cgroups), cgrp);
      if (cset === null) {
        ret = -ENOMEM;
        break;
      }
      csets.push(cset);
    }
    if (ret !== 0) {
      for (const cset of csets) yield* this.put_css_set(cpu, cset, false);
      yield* this.subsys_cancel_attach(cpu, cgrp, tset, undefined);
      return ret;
    }

    yield* this.commit_targets(cpu, targets, Object.freeze(csets));
    yield* this.subsys_attach(cpu, cgrp, tset);
    return 0;
  }

  /** Step 3 of cgroup_attach_task(): the commit loop. Takes css_set_rwsem for writing, once for all. */
  *commit_targets(cpu: Cpu, targets: readonly task_and_cgroup[], csets: readonly css_set[]): Path {
    yield* cpu.down_write(this.css_set_rwsem);
    for (const [i, [task, old_cgrp]] of targets.entries()) {
      yield* this.cgroup_task_migrate(cpu, old_cgrp, task, csets[i] as css_set);
    }
    yield* cpu.up_write(this.css_set_rwsem);
  }

  /**
   * flex_array_alloc() and flex_array_prealloc(), lib/flex_array.c, v3.14.1, for all elements at once: refuses more
   * than the array can have; else the base and each part are an allocation, a step only where it may fail.
   * Leaves out: flex_array_free(), here and in the caller.
   */
  *flex_array_alloc(cpu: Cpu, total: number): Path<number> {
    const layout = new FlexArrayLayout(TASK_AND_CGROUP_SIZE, this.page_size);
    if (total > layout.max) return -ENOMEM;
    if (!this.machine.allocator.mayFail) return 0;
    if ((yield* cpu.kmalloc(flex_array)) === null) return -ENOMEM;
    for (let part = 0; part < layout.partsOf(total); part++) {
      if ((yield* cpu.kmalloc(flex_array_part)) === null) return -ENOMEM;
    }
    return 0;
  }

  /** The loop of cgroup_attach_task() that fills the array: css_set_rwsem (read) > RCU. */
  *snapshot_threads(
    cpu: Cpu,
    cgrp: cgroup,
    leader: task_struct,
    threadgroup: boolean,
    group_size: number,
  ): Path<readonly task_and_cgroup[]> {
    const targets: task_and_cgroup[] = [];
    yield* cpu.down_read(this.css_set_rwsem);
    if (threadgroup) yield* this.rcu_read_lock(cpu);
    let task: task_struct | undefined = leader;
    while (task !== undefined) {
      if (yield* this.may_migrate(cpu, task)) {
        yield* cpu.BUG_ON(targets.length >= group_size, 'more threads than nr_threads');
        const from: cgroup = yield* this.task_cgroup_from_root(cpu, task, cgrp);
        if (from !== cgrp) targets.push(Object.freeze([task, from] as const));
      }
      task = threadgroup ? yield* this.next_thread(cpu, task, leader) : undefined;
    }
    if (threadgroup) yield* this.rcu_read_unlock(cpu);
    yield* cpu.up_read(this.css_set_rwsem);
    return Object.freeze(targets);
  }

  /** cgroup_taskset_first(), kernel/cgroup.c:1858, v3.14.1. For subsystems; under cgroup_mutex. */
  *cgroup_taskset_first(cpu: Cpu, tset: cgroup_taskset): Path<task_struct | undefined> {
    yield* cpu.init(tset.idx, 0);
    return yield* this.cgroup_taskset_next(cpu, tset);
  }

  /** cgroup_taskset_next(), kernel/cgroup.c:1877, v3.14.1. */
  *cgroup_taskset_next(cpu: Cpu, tset: cgroup_taskset): Path<task_struct | undefined> {
    const idx = yield* cpu.fetch_add(tset.idx, 1);
    return (yield* cpu.read(tset.tc_array))[idx];
  }

  /**
   * The loop of cgroup_attach_task() (later cgroup_migrate()) over ss->can_attach(); where one refuses, those
   * before it are told by cancel_attach(). Under cgroup_mutex.
   */
  *subsys_can_attach(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path<number> {
    for (const ss of cgrp.root.subsystems) {
      if (ss.can_attach === undefined) continue;
      yield* cpu.emit(this.events.subsys_calls, { ss, callback: 'can_attach', to: cgrp, tset });
      const ret = yield* ss.can_attach(cpu, cgrp, tset);
      yield* this.tell_subsys_called(cpu, ss.name, 'can_attach', ret);
      if (ret === 0) continue;
      yield* this.subsys_cancel_attach(cpu, cgrp, tset, ss);
      return ret;
    }
    return 0;
  }

  /** The loop over ss->cancel_attach(), up to the subsystem that refused. Under cgroup_mutex. */
  *subsys_cancel_attach(
    cpu: Cpu,
    cgrp: cgroup,
    tset: cgroup_taskset,
    failed: cgroup_subsys | undefined,
  ): Path {
    for (const ss of cgrp.root.subsystems) {
      if (ss === failed) break;
      if (ss.cancel_attach === undefined) continue;
      yield* cpu.emit(this.events.subsys_calls, { ss, callback: 'cancel_attach', to: cgrp, tset });
      yield* ss.cancel_attach(cpu, cgrp, tset);
      yield* this.tell_subsys_called(cpu, ss.name, 'cancel_attach', 0);
    }
  }

  /** The loop over ss->attach(). Under cgroup_mutex; the tasks have been moved. */
  *subsys_attach(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path {
    for (const ss of cgrp.root.subsystems) {
      if (ss.attach === undefined) continue;
      yield* cpu.emit(this.events.subsys_calls, { ss, callback: 'attach', to: cgrp, tset });
      yield* ss.attach(cpu, cgrp, tset);
      yield* this.tell_subsys_called(cpu, ss.name, 'attach', 0);
    }
  }
}
