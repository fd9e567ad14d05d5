// Moving a whole process: a write of a pid to cgroup.procs, as it was when it was new, in v3.0.
import { Loop, type Memory, type Path } from '../../machine/index.js';
import { EAGAIN, ENOMEM, ESRCH } from '../errno.js';
import type { cgroup, css_set } from './css-set.js';
import { Exec } from './exec.js';
import type { cgroup_subsys } from './subsystem.js';
import type { Cpu, task_struct } from './task.js';

/** The array of targets, or a cg_list_entry: for its allocation alone. */
class buffer {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

export abstract class Attach extends Exec {
  /** threadgroup_fork_write_lock(), include/linux/sched.h, v3.0: no thread appears. */
  *threadgroup_lock(cpu: Cpu, task: task_struct): Path {
    yield* cpu.down_write((yield* cpu.read(task.signal)).group_rwsem);
  }

  *threadgroup_unlock(cpu: Cpu, task: task_struct): Path {
    yield* cpu.up_write((yield* cpu.read(task.signal)).group_rwsem);
  }

  /** cgroup_procs_write(), kernel/cgroup.c, v3.0. The caller holds nothing. `pid` may be gone by now. */
  *cgroup_procs_write(cpu: Cpu, cgrp: cgroup, pid: task_struct): Path<number> {
    const retry = new Loop('retry');
    for (;;) {
      yield* cpu.loop(retry);
      const ret = yield* this.attach_task_by_pid(cpu, cgrp, pid);
      if (ret !== -EAGAIN) return ret;
    }
  }

  /**
   * attach_task_by_pid() for a whole process, kernel/cgroup.c, v3.0. The caller holds nothing; cgroup_mutex >
   * threadgroup_fork_lock. Leaves out: a removed destination, permissions, the move of a single thread.
   */
  *attach_task_by_pid(cpu: Cpu, cgrp: cgroup, pid: task_struct): Path<number> {
    let ret = -ESRCH;
    yield* cpu.mutex_lock(this.cgroup_mutex);
    const tsk = yield* this.find_leader(cpu, pid);
    if (tsk !== undefined) {
      yield* this.threadgroup_lock(cpu, tsk);
      ret = yield* this.attach_proc_and_tell(cpu, cgrp, tsk);
      yield* this.threadgroup_unlock(cpu, tsk);
      yield* this.put_task_struct(cpu, tsk);
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return ret;
  }

  /** Its lookup under rcu_read_lock(): the leader of the process, with a reference, or undefined. */
  *find_leader(cpu: Cpu, pid: task_struct): Path<task_struct | undefined> {
    let leader: task_struct | undefined;
    yield* cpu.rcu_read_lock();
    const tsk = yield* cpu.read(this.task_of(pid));
    if (tsk !== undefined) {
      leader = yield* cpu.read(tsk.group_leader);
      yield* this.get_task_struct(cpu, leader);
    }
    yield* cpu.rcu_read_unlock();
    return leader;
  }

  /** cgroup_attach_proc() between the two events. */
  *attach_proc_and_tell(cpu: Cpu, cgrp: cgroup, leader: task_struct): Path<number> {
    yield* cpu.emit(this.events.attach_started, { leader, to: cgrp });
    const ret = yield* this.cgroup_attach_proc(cpu, cgrp, leader);
    yield* cpu.emit(this.events.attach_returned, { leader, to: cgrp, ret });
    return ret;
  }

  /**
   * cgroup_attach_proc(), kernel/cgroup.c, v3.0. Under cgroup_mutex and threadgroup_fork_lock (write). Returns
   * -EAGAIN where the leader was deposed. Leaves out: can_attach(), pre_attach() and attach() of a subsystem, which
   * are asked for the leader alone, and waking a waiting rmdir.
   */
  *cgroup_attach_proc(cpu: Cpu, cgrp: cgroup, leader: task_struct): Path<number> {
    const group_size = yield* cpu.read((yield* cpu.read(leader.signal)).nr_threads);
    if (!(yield* this.allocate(cpu))) return -ENOMEM;
    const group = yield* this.snapshot_threads(cpu, leader, group_size);
    if (group === undefined) return -EAGAIN;

    let ret = yield* this.subsys_can_attach(cpu, cgrp, leader, group);
    if (ret === 0) {
      const [error, fetched] = yield* this.prefetch_all(cpu, cgrp, group);
      ret = error;
      if (ret === 0) {
        for (const tsk of group) yield* this.commit(cpu, cgrp, tsk);
        yield* cpu.synchronize_rcu();
      }
      for (const cg of fetched) yield* this.put_css_set(cpu, cg);
      if (ret !== 0) yield* this.subsys_cancel_attach(cpu, cgrp, leader, undefined);
    }
    for (const tsk of group) yield* this.put_task_struct(cpu, tsk);
    return ret;
  }

  /** An allocation of which only the failure matters; a step only where it may fail. */
  *allocate(cpu: Cpu): Path<boolean> {
    if (!this.machine.allocator.mayFail) return true;
    return (yield* cpu.kmalloc(buffer)) !== null;
  }

  /** What the snapshot is taken under: rcu_read_lock(). */
  *lock_threads(cpu: Cpu): Path {
    yield* cpu.rcu_read_lock();
  }

  *unlock_threads(cpu: Cpu): Path {
    yield* cpu.rcu_read_unlock();
  }

  /** Step 0 of cgroup_attach_proc(): all threads, each with a reference, or undefined for a deposed leader. */
  *snapshot_threads(
    cpu: Cpu,
    leader: task_struct,
    group_size: number,
  ): Path<readonly task_struct[] | undefined> {
    yield* this.lock_threads(cpu);
    if (!(yield* this.thread_group_leader(cpu, leader))) {
      yield* this.unlock_threads(cpu);
      return undefined;
    }
    const group = yield* this.collect_threads(cpu, leader, group_size);
    yield* this.unlock_threads(cpu);
    return group;
  }

  /** Its loop, while_each_thread(). */
  *collect_threads(
    cpu: Cpu,
    leader: task_struct,
    group_size: number,
  ): Path<readonly task_struct[]> {
    const group: task_struct[] = [];
    yield* cpu.emit(this.events.walk_started, { leader });
    let tsk = leader;
    do {
      if (yield* this.is_target(cpu, tsk)) {
        yield* this.check_size(cpu, group.length, group_size);
        yield* this.get_task_struct(cpu, tsk);
        group.push(tsk);
      }
      yield* cpu.emit(this.events.walk_visits, { leader, task: tsk });
      tsk = yield* this.next_thread(cpu, tsk);
    } while (tsk !== leader);
    return Object.freeze(group);
  }

  /** "nr_threads may decrease, but not increase." */
  *check_size(cpu: Cpu, taken: number, group_size: number): Path {
    yield* cpu.BUG_ON(taken >= group_size, 'i >= group_size');
  }

  /** Whether a thread is taken into the array: every one is. */
  *is_target(_cpu: Cpu, _tsk: task_struct): Path<boolean> {
    return true;
  }

  /** Step 1, the loop over ss->can_attach_task(). */
  *subsys_can_attach(
    cpu: Cpu,
    cgrp: cgroup,
    leader: task_struct,
    group: readonly task_struct[],
  ): Path<number> {
    for (const ss of cgrp.root.subsystems) {
      if (ss.can_attach_task === undefined) continue;
      for (const tsk of group) {
        const ret = yield* ss.can_attach_task(cpu, cgrp, tsk);
        if (ret !== 0) {
          yield* this.subsys_cancel_attach(cpu, cgrp, leader, ss);
          return ret;
        }
        yield* this.tell_task_called(cpu, ss.name, 'can_attach_task', tsk);
      }
    }
    return 0;
  }

  /** Label out_cancel_attach: up to the subsystem that refused, and that one too, for others may have passed it. */
  *subsys_cancel_attach(
    cpu: Cpu,
    cgrp: cgroup,
    leader: task_struct,
    failed: cgroup_subsys | undefined,
  ): Path {
    for (const ss of cgrp.root.subsystems) {
      if (ss.cancel_attach !== undefined) yield* ss.cancel_attach(cpu, cgrp, leader);
      if (ss === failed) break;
    }
  }

  /** Step 2 of cgroup_attach_proc(): an error, and the css_sets that were fetched so far, each with a reference. */
  *prefetch_all(
    cpu: Cpu,
    cgrp: cgroup,
    group: readonly task_struct[],
  ): Path<readonly [error: number, fetched: readonly css_set[]]> {
    const fetched: css_set[] = [];
    let error = 0;
    for (const tsk of group) {
      if ((yield* this.task_cgroup_from_root(cpu, tsk, cgrp)) === cgrp) continue;
      const oldcg = yield* this.get_task_css_set(cpu, tsk);
      if (oldcg === undefined) continue;
      const known = Object.freeze([...fetched]);
      const newcg = (yield* this.css_set_check_fetched(cpu, cgrp, oldcg, known))
        ? undefined
        : yield* this.css_set_prefetch(cpu, cgrp, oldcg);
      yield* this.put_css_set(cpu, oldcg);
      if (newcg === null) {
        error = -ENOMEM;
        break;
      }
      if (newcg !== undefined) fetched.unshift(newcg);
    }
    return Object.freeze([error, Object.freeze(fetched)] as const);
  }

  /** The task's css_set with a reference, under task_lock; undefined if the task is exiting and is passed over. */
  *get_task_css_set(cpu: Cpu, tsk: task_struct): Path<css_set | undefined> {
    yield* cpu.spin_lock(tsk.alloc_lock);
    if (yield* this.is_exiting(cpu, tsk)) {
      yield* cpu.spin_unlock(tsk.alloc_lock);
      return undefined;
    }
    const oldcg = yield* cpu.read(tsk.cgroups);
    yield* this.get_css_set(cpu, oldcg);
    yield* cpu.spin_unlock(tsk.alloc_lock);
    return oldcg;
  }

  /** css_set_check_fetched(), kernel/cgroup.c, v3.0. Under cgroup_mutex; takes css_set_lock. */
  *css_set_check_fetched(
    cpu: Cpu,
    cgrp: cgroup,
    cg: css_set,
    fetched: readonly css_set[],
  ): Path<boolean> {
    yield* cpu.read_lock(this.css_set_lock);
    const [, newcg] = yield* this.find_existing_css_set(cpu, cg, cgrp);
    if (newcg !== undefined) yield* this.get_css_set(cpu, newcg);
    yield* cpu.read_unlock(this.css_set_lock);
    if (newcg === undefined) return false;
    yield* this.put_css_set(cpu, newcg);
    return fetched.includes(newcg);
  }

  /** css_set_prefetch(), kernel/cgroup.c, v3.0. Under cgroup_mutex; null where an allocation failed. */
  *css_set_prefetch(cpu: Cpu, cgrp: cgroup, cg: css_set): Path<css_set | null> {
    const newcg = yield* this.find_css_set(cpu, cg, cgrp);
    if (newcg === null) return null;
    if (yield* this.allocate(cpu)) return newcg;
    yield* this.put_css_set(cpu, newcg);
    return null;
  }

  /** Step 3 of cgroup_attach_proc(), for one thread: attach_task() first, then the move. */
  *commit(cpu: Cpu, cgrp: cgroup, tsk: task_struct): Path {
    if ((yield* this.task_cgroup_from_root(cpu, tsk, cgrp)) === cgrp) return;
    yield* this.subsys_attach_task(cpu, cgrp, tsk);
    const ret = yield* this.cgroup_task_migrate(cpu, cgrp, tsk);
    yield* cpu.BUG_ON(ret !== 0 && ret !== -ESRCH, 'a move fails that cannot');
  }

  /** The loop over ss->attach_task(). */
  *subsys_attach_task(cpu: Cpu, cgrp: cgroup, tsk: task_struct): Path {
    for (const ss of cgrp.root.subsystems) {
      if (ss.attach_task === undefined) continue;
      yield* this.tell_task_called(cpu, ss.name, 'attach_task', tsk);
      yield* ss.attach_task(cpu, cgrp, tsk);
    }
  }

  /**
   * cgroup_task_migrate() with `guarantee`, kernel/cgroup.c, v3.0: the css_set must have been fetched. Under
   * cgroup_mutex; task_lock, css_set_lock, task_lock, css_set_lock, one after the other. -ESRCH for an exiting task.
   * Leaves out: CGRP_RELEASABLE.
   */
  *cgroup_task_migrate(cpu: Cpu, cgrp: cgroup, tsk: task_struct): Path<number> {
    yield* cpu.spin_lock(tsk.alloc_lock);
    const oldcg = yield* cpu.read(tsk.cgroups);
    yield* this.get_css_set(cpu, oldcg);
    yield* cpu.spin_unlock(tsk.alloc_lock);

    yield* cpu.read_lock(this.css_set_lock);
    const [, newcg] = yield* this.find_existing_css_set(cpu, oldcg, cgrp);
    yield* cpu.BUG_ON(newcg === undefined, 'the css_set was not fetched');
    if (newcg === undefined) return 0;
    yield* this.get_css_set(cpu, newcg);
    yield* cpu.read_unlock(this.css_set_lock);
    yield* this.put_css_set(cpu, oldcg);

    yield* cpu.spin_lock(tsk.alloc_lock);
    if (yield* this.is_exiting(cpu, tsk)) {
      yield* cpu.spin_unlock(tsk.alloc_lock);
      yield* this.put_css_set(cpu, newcg);
      return -ESRCH;
    }
    yield* cpu.write(tsk.cgroups, newcg);
    yield* cpu.spin_unlock(tsk.alloc_lock);
    yield* cpu.emit(this.events.task_committed, { task: tsk });
    yield* cpu.write_lock(this.css_set_lock);
    if (!(yield* cpu.list_empty(tsk.cg_list))) yield* cpu.list_move(tsk.cg_list, newcg.tasks);
    yield* cpu.write_unlock(this.css_set_lock);
    yield* this.put_css_set(cpu, oldcg);
    return 0;
  }

  /**
   * cgroup_mount() of a hierarchy that exists, kernel/cgroup.c, v3.1: i_mutex of its root directory > cgroup_mutex.
   * The caller holds nothing. Leaves out: all that it does there.
   */
  *cgroup_mount(cpu: Cpu): Path {
    yield* cpu.mutex_lock(this.root_inode.i_mutex);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.root_inode.i_mutex);
  }
}
