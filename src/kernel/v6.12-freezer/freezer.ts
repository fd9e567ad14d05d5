// The freezer of cgroup v2, kernel/cgroup/freezer.c of v6.12, on the rung v6.12: a group counts its frozen tasks, and is
// frozen when that is all of them. The counts move with a task.
import type { Cell, Path, Spinlock } from '../../machine/index.js';
import type { cgroup, cgroup_root, css_set } from '../for-3.15/css-set.js';
import type { Today } from '../for-3.15/patches/v6.12/index.js';
import { type Patched315, taskMigration } from '../for-3.15/task-migration.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import type { cgroup_taskset } from '../for-3.15/taskset.js';
import type { KernelClass } from '../patch.js';
import { CGRP_FREEZE, CGRP_FROZEN, cgroup_freezer_state, task_freezer_state } from './state.js';

const Base = taskMigration.compose({ upTo: 'v6.12' }).Kernel as KernelClass<Patched315 & Today>;

export class FreezerV2 extends Base {
  readonly #groups = new Map<cgroup, cgroup_freezer_state>();
  readonly #tasks = new Map<task_struct, task_freezer_state>();

  override mkdir(path: string, root?: cgroup_root): cgroup {
    const cgrp = super.mkdir(path, root);
    this.#groups.set(cgrp, this.machine.object(cgroup_freezer_state, `freezer of ${cgrp.name}`));
    return cgrp;
  }

  override task(name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    const task = super.task(name, ...cgroups);
    this.#tasks.set(task, this.machine.object(task_freezer_state, `freezing of ${name}`));
    return task;
  }

  /** 1 was written to cgroup.freeze, and these of its tasks have stopped since. */
  set_freeze(cgrp: cgroup, ...frozen: readonly task_struct[]): void {
    const { flags, nr_frozen_tasks } = this.freezer_of(cgrp);
    this.machine.settle(flags, CGRP_FREEZE);
    this.machine.settle(nr_frozen_tasks, frozen.length);
    for (const task of frozen) this.machine.settle(this.freezing_of(task).frozen, true);
    for (const task of this.membersOf(cgrp)) {
      this.machine.settle(this.freezing_of(task).trap_freeze, true);
    }
  }

  // --- For properties -------------------------------------------------------------------------------------------

  freezableGroups(): cgroup[] {
    return [...this.#groups.keys()];
  }

  nrFrozenTasks(cgrp: cgroup): Cell<number> {
    return this.freezer_of(cgrp).nr_frozen_tasks;
  }

  isFrozen(task: task_struct): boolean {
    return this.freezing_of(task).frozen.peek();
  }

  // --- kernel/cgroup/freezer.c ----------------------------------------------------------------------------------

  freezer_of(cgrp: cgroup): cgroup_freezer_state {
    return this.#groups.get(cgrp) as cgroup_freezer_state;
  }

  freezing_of(task: task_struct): task_freezer_state {
    return this.#tasks.get(task) as task_freezer_state;
  }

  /** __cgroup_task_count(), kernel/cgroup/cgroup.c, v6.12. Under css_set_lock. */
  *__cgroup_task_count(cpu: Cpu, cgrp: cgroup): Path<number> {
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    let count = 0;
    let link = yield* cpu.list_first(cgrp.cset_links);
    while (link !== undefined) {
      count += yield* cpu.read((yield* cpu.read(link.cset)).nr_tasks);
      link = yield* cpu.list_next(link.cset_link, cgrp.cset_links);
    }
    return count;
  }

  /** cgroup_update_frozen(), v6.12. Under css_set_lock. Leaves out: the ancestors, and the notification. */
  *cgroup_update_frozen(cpu: Cpu, cgrp: cgroup): Path {
    const { flags, nr_frozen_tasks } = this.freezer_of(cgrp);
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    const frozen =
      ((yield* cpu.read(flags)) & CGRP_FREEZE) !== 0 &&
      (yield* cpu.read(nr_frozen_tasks)) === (yield* this.__cgroup_task_count(cpu, cgrp));
    const already = ((yield* cpu.read(flags)) & CGRP_FROZEN) !== 0;
    if (frozen && !already) yield* cpu.set_bit(flags, CGRP_FROZEN);
    if (!frozen && already) yield* cpu.clear_bit(flags, CGRP_FROZEN);
  }

  /** cgroup_inc_frozen_cnt(), v6.12. Under css_set_lock. */
  *cgroup_inc_frozen_cnt(cpu: Cpu, cgrp: cgroup): Path {
    yield* cpu.fetch_add(this.freezer_of(cgrp).nr_frozen_tasks, 1);
  }

  /** cgroup_dec_frozen_cnt(), v6.12. Under css_set_lock. */
  *cgroup_dec_frozen_cnt(cpu: Cpu, cgrp: cgroup): Path {
    const old = yield* cpu.fetch_add(this.freezer_of(cgrp).nr_frozen_tasks, -1);
    yield* cpu.WARN_ON(old - 1 < 0, 'cgroup_dec_frozen_cnt(): nr_frozen_tasks falls below 0');
  }

  /** cgroup_enter_frozen(), v6.12: current stops in do_freezer_trap(). Takes css_set_lock (irq). */
  *cgroup_enter_frozen(cpu: Cpu): Path {
    const { frozen } = this.freezing_of(cpu.current);
    if (yield* cpu.read(frozen)) return;
    yield* cpu.spin_lock_irq(this.css_set_lock);
    yield* cpu.write(frozen, true);
    const [cgrp] = yield* cpu.read((yield* cpu.read(cpu.current.cgroups)).subsys);
    yield* this.cgroup_inc_frozen_cnt(cpu, cgrp as cgroup);
    yield* this.cgroup_update_frozen(cpu, cgrp as cgroup);
    yield* cpu.spin_unlock_irq(this.css_set_lock);
  }

  /** cgroup_freeze_task(), v6.12. Takes siglock. Leaves out: waking up, and a task whose sighand is gone. */
  *cgroup_freeze_task(cpu: Cpu, task: task_struct, freeze: boolean): Path {
    const siglock: Spinlock = (yield* cpu.read(task.sighand)).siglock;
    const flags = yield* cpu.spin_lock_irqsave(siglock);
    yield* cpu.write(this.freezing_of(task).trap_freeze, freeze);
    yield* cpu.spin_unlock_irqrestore(siglock, flags);
  }

  /** cgroup_freezer_migrate_task(), v6.12. Under css_set_lock; takes siglock. Leaves out: kernel threads. */
  *cgroup_freezer_migrate_task(cpu: Cpu, task: task_struct, src: cgroup, dst: cgroup): Path {
    yield* cpu.lockdep_assert_held(this.css_set_lock);
    if (yield* cpu.read(this.freezing_of(task).frozen)) {
      yield* this.cgroup_inc_frozen_cnt(cpu, dst);
      yield* this.take_from_source(cpu, src);
    }
    yield* this.cgroup_update_frozen(cpu, dst);
    yield* this.cgroup_update_frozen(cpu, src);
    const freeze = ((yield* cpu.read(this.freezer_of(dst).flags)) & CGRP_FREEZE) !== 0;
    yield* this.cgroup_freeze_task(cpu, task, freeze);
  }

  /** The second half of its adjustment. */
  *take_from_source(cpu: Cpu, src: cgroup): Path {
    yield* this.cgroup_dec_frozen_cnt(cpu, src);
  }

  /** A write of 1 to cgroup.freeze: cgroup_do_freeze(), v6.12, of a group without tasks or descendants. */
  *cgroup_do_freeze(cpu: Cpu, cgrp: cgroup): Path {
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.spin_lock_irq(this.css_set_lock);
    yield* cpu.set_bit(this.freezer_of(cgrp).flags, CGRP_FREEZE);
    yield* cpu.spin_unlock_irq(this.css_set_lock);
    yield* cpu.spin_lock_irq(this.css_set_lock);
    yield* this.cgroup_update_frozen(cpu, cgrp);
    yield* cpu.spin_unlock_irq(this.css_set_lock);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
  }

  /** The commit loop of cgroup_migrate_execute(), kernel/cgroup/cgroup.c, v6.12, with the freezer. Takes css_set_lock. */
  override *commit_taskset(cpu: Cpu, tset: cgroup_taskset): Path {
    yield* cpu.spin_lock_irq(this.css_set_lock);
    let cset = yield* cpu.list_first(tset.src_csets);
    while (cset !== undefined) {
      let task = yield* cpu.list_first(cset.mg_tasks);
      while (task !== undefined) {
        const next: task_struct | undefined = yield* cpu.list_next(task.cg_list, cset.mg_tasks);
        const from = yield* cpu.read(task.cgroups);
        const to = (yield* cpu.read(cset.mg_dst_cset)) as css_set;
        yield* this.get_css_set(cpu, to);
        yield* cpu.fetch_add(to.nr_tasks, 1);
        yield* this.css_set_move_task(cpu, task, from, to, true);
        yield* cpu.emit(this.events.task_committed, { task, from, to });
        yield* cpu.fetch_add(from.nr_tasks, -1);
        const [src] = yield* cpu.read(from.subsys);
        const [dst] = yield* cpu.read(to.subsys);
        yield* this.cgroup_freezer_migrate_task(cpu, task, src as cgroup, dst as cgroup);
        yield* this.put_css_set_locked(cpu, from, false);
        task = next;
      }
      cset = yield* cpu.list_next(cset.mg_node, tset.src_csets);
    }
    yield* cpu.spin_unlock_irq(this.css_set_lock);
    yield* cpu.init(tset.csets, tset.dst_csets);
  }
}
