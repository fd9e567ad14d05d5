// The cgroup freezer as it was new: kernel/cgroup_freezer.c, kernel/freezer.c and the end of a suspend in
// kernel/power/process.c of 2.6.28. The cgroups under it are those of cgroup/for-3.15, whose lists nobody changes here.
import type { Cell, Machine, MachineEvent, Path } from '../../machine/index.js';
import { EBUSY } from '../errno.js';
import { iterAt, type css_task_iter } from '../for-3.15/iter.js';
import type { cgroup, cgroup_root } from '../for-3.15/css-set.js';
import { For315 } from '../for-3.15/for-3.15.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import { CGROUP_FREEZING, CGROUP_FROZEN, CGROUP_THAWED, freezer, PF_FROZEN } from './state.js';

export class Freezer2628 extends For315 {
  /** What protects the lists of css_sets in 2.6.28, in the place of css_set_rwsem. */
  readonly css_set_lock = this.machine.rwlock('css_set_lock');
  readonly freezer_state_read: MachineEvent<{ cgrp: cgroup; state: string }> =
    this.machine.event('freezer.state was read');
  readonly #freezers = new Map<cgroup, freezer>();
  readonly #wanted = new Map<cgroup, Cell<boolean>>();
  readonly #flags = new Map<task_struct, Cell<boolean>>();

  constructor(machine: Machine) {
    super(machine);
    for (const top of this.tops) this.#addFreezer(top);
    this.subsystem({ name: 'freezer' });
  }

  override mkdir(path: string, root?: cgroup_root): cgroup {
    const cgrp = super.mkdir(path, root);
    this.#addFreezer(cgrp);
    return cgrp;
  }

  override task(name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    const task = super.task(name, ...cgroups);
    this.#flags.set(task, this.machine.cell(`${name}.TIF_FREEZE`, false));
    return task;
  }

  /** FROZEN was written and its tasks have frozen since; nobody has read freezer.state. */
  set_frozen_unread(cgrp: cgroup): void {
    this.machine.settle(this.css_freezer(cgrp).state, CGROUP_FREEZING);
    this.machine.settle(this.wanted(cgrp), true);
    for (const task of this.membersOf(cgrp)) this.set_frozen(task);
  }

  /** The task sleeps in the refrigerator. */
  set_frozen(task: task_struct): void {
    this.machine.settle(task.flags, task.flags.peek() | PF_FROZEN);
  }

  // --- For properties -------------------------------------------------------------------------------------------

  freezingGroups(): cgroup[] {
    return this.cgroups().filter((cgrp) => this.wanted(cgrp).peek());
  }

  isFrozen(task: task_struct): boolean {
    return (task.flags.peek() & PF_FROZEN) !== 0;
  }

  /** TIF_FREEZE: the task goes into the refrigerator before it sees user mode. */
  isTold(task: task_struct): boolean {
    return this.tif_freeze(task).peek();
  }

  /** What was last written to freezer.state, whatever the kernel has made of it since. */
  wanted(cgrp: cgroup): Cell<boolean> {
    return this.#wanted.get(cgrp) as Cell<boolean>;
  }

  // --- kernel/freezer.c -----------------------------------------------------------------------------------------

  tif_freeze(task: task_struct): Cell<boolean> {
    return this.#flags.get(task) as Cell<boolean>;
  }

  /** freeze_task() of a task that gets signals, kernel/freezer.c:86, v2.6.28. Takes siglock. */
  *freeze_task(cpu: Cpu, task: task_struct): Path<boolean> {
    if (!(yield* cpu.read(this.tif_freeze(task)))) {
      if (((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0) return false;
      yield* cpu.write(this.tif_freeze(task), true);
    }
    if (!(yield* cpu.read(task.sigpending))) yield* this.fake_signal_wake_up(cpu, task);
    return true;
  }

  /** fake_signal_wake_up(), kernel/freezer.c:62, v2.6.28. Takes siglock (irqsave). Leaves out: waking up. */
  *fake_signal_wake_up(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    const flags = yield* cpu.spin_lock_irqsave(siglock);
    yield* cpu.write(task.sigpending, true);
    yield* cpu.spin_unlock_irqrestore(siglock, flags);
  }

  /** thaw_process() and __thaw_process(), kernel/freezer.c:125, v2.6.28. Takes task_lock. Leaves out: waking up. */
  *thaw_process(cpu: Cpu, task: task_struct): Path {
    yield* cpu.spin_lock(task.alloc_lock);
    if (((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0) {
      yield* cpu.clear_bits(task.flags, PF_FROZEN);
    } else {
      yield* cpu.write(this.tif_freeze(task), false);
    }
    yield* cpu.spin_unlock(task.alloc_lock);
  }

  /**
   * One pass of thaw_tasks(), kernel/power/process.c:131, v2.6.28: what a resume does. Takes tasklist_lock (read).
   * Leaves out: kernel threads, PF_NOFREEZE, and that tasks were frozen for the suspend.
   */
  *thaw_tasks(cpu: Cpu): Path {
    yield* cpu.read_lock(this.tasklist_lock);
    let task = yield* cpu.list_first(this.init_task_tasks);
    while (task !== undefined) {
      const exiting = (yield* cpu.read(task.exit_state)) !== 0;
      if (!exiting && !(yield* this.stays_frozen(cpu, task))) yield* this.thaw_process(cpu, task);
      task = yield* cpu.list_next(task.tasks, this.init_task_tasks);
    }
    yield* cpu.read_unlock(this.tasklist_lock);
  }

  /** Its question whether the cgroup keeps the task frozen: cgroup_frozen(), kernel/cgroup_freezer.c:47, v2.6.28. */
  *stays_frozen(cpu: Cpu, task: task_struct): Path<boolean> {
    return (yield* this.state_of(cpu, task)) === CGROUP_FROZEN;
  }

  /** The state of a task's group, under task_lock. */
  *state_of(cpu: Cpu, task: task_struct): Path<number> {
    yield* cpu.spin_lock(task.alloc_lock);
    const cset = yield* cpu.read(task.cgroups);
    const [cgrp] = yield* cpu.read(cset.subsys);
    const state = yield* cpu.read(this.css_freezer(cgrp as cgroup).state);
    yield* cpu.spin_unlock(task.alloc_lock);
    return state;
  }

  // --- kernel/cgroup_freezer.c ----------------------------------------------------------------------------------

  css_freezer(cgrp: cgroup): freezer {
    return this.#freezers.get(cgrp) as freezer;
  }

  /** cgroup_iter_start(), kernel/cgroup.c, v2.6.28: css_set_lock for reading. */
  override *css_task_iter_start(cpu: Cpu, cgrp: cgroup): Path<css_task_iter> {
    yield* cpu.read_lock(this.css_set_lock);
    return yield* this.css_advance_task_iter(cpu, iterAt(cgrp));
  }

  override *css_task_iter_end(cpu: Cpu): Path {
    yield* cpu.read_unlock(this.css_set_lock);
  }

  /**
   * update_freezer_state(), kernel/cgroup_freezer.c:204, v2.6.28. Under freezer->lock; css_set_lock (read). A group
   * that counts no frozen task is THAWED, whatever was written.
   */
  *update_freezer_state(cpu: Cpu, cgrp: cgroup): Path {
    const { state } = this.css_freezer(cgrp);
    let [nfrozen, ntotal] = [0, 0];
    let it = yield* this.css_task_iter_start(cpu, cgrp);
    for (;;) {
      const [task, then] = yield* this.css_task_iter_next(cpu, it);
      if (task === undefined) break;
      ntotal++;
      if (((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0) nfrozen++;
      it = then;
    }
    const next = nfrozen === ntotal ? CGROUP_FROZEN : nfrozen > 0 ? CGROUP_FREEZING : CGROUP_THAWED;
    yield* cpu.write(state, next);
    yield* this.css_task_iter_end(cpu);
  }

  /** freezer_read(), kernel/cgroup_freezer.c:232, v2.6.28. cgroup_mutex > freezer->lock (irq). */
  *freezer_read(cpu: Cpu, cgrp: cgroup): Path<number> {
    const { lock, state } = this.css_freezer(cgrp);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.spin_lock_irq(lock);
    let now = yield* cpu.read(state);
    if (now === CGROUP_FREEZING) {
      yield* this.update_freezer_state(cpu, cgrp);
      now = yield* cpu.read(state);
    }
    yield* cpu.spin_unlock_irq(lock);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    const text = now === CGROUP_FROZEN ? 'FROZEN' : now === CGROUP_FREEZING ? 'FREEZING' : 'THAWED';
    yield* cpu.emit(this.freezer_state_read, { cgrp, state: text });
    return now;
  }

  /**
   * `echo FROZEN`: freezer_change_state() with try_to_freeze_cgroup(), kernel/cgroup_freezer.c:305, v2.6.28.
   * cgroup_mutex > freezer->lock (irq) > css_set_lock (read) > siglock.
   */
  *freezer_freeze(cpu: Cpu, cgrp: cgroup): Path<number> {
    const { lock, state } = this.css_freezer(cgrp);
    let cannot = 0;
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.spin_lock_irq(lock);
    yield* this.update_freezer_state(cpu, cgrp);
    if ((yield* cpu.read(state)) !== CGROUP_FROZEN) {
      yield* cpu.write(state, CGROUP_FREEZING);
      let it = yield* this.css_task_iter_start(cpu, cgrp);
      for (;;) {
        const [task, then] = yield* this.css_task_iter_next(cpu, it);
        if (task === undefined) break;
        const asked = yield* this.freeze_task(cpu, task);
        if (asked && !(yield* cpu.read(this.tif_freeze(task)))) cannot++;
        it = then;
      }
      yield* this.css_task_iter_end(cpu);
    }
    yield* cpu.spin_unlock_irq(lock);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return cannot === 0 ? 0 : -EBUSY;
  }

  #addFreezer(cgrp: cgroup): void {
    this.#freezers.set(cgrp, this.machine.object(freezer, `freezer of ${cgrp.name}`));
    this.#wanted.set(cgrp, this.machine.cell(`${cgrp.name} was frozen`, false));
  }
}
