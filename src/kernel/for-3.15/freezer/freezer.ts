// The cgroup freezer, kernel/cgroup_freezer.c of v3.15.5, and what it needs of kernel/freezer.c, on the rung base of the
// series of seed 000. It is the freezer that fits a css_set_rwsem: its lock is a mutex (e5ced8ebb10c).
import type { Machine, MachineEvent, Path } from '../../../machine/index.js';
import type { cgroup, cgroup_root } from '../css-set.js';
import { taskMigration } from '../task-migration.js';
import type { Cpu, task_struct } from '../task.js';
import type { cgroup_taskset } from '../taskset.js';
import { CGROUP_FREEZING, CGROUP_FREEZING_SELF, CGROUP_FROZEN, freezer } from './state.js';

/** task_struct.flags: include/linux/sched.h, v3.15. */
export const PF_FROZEN = 0x00010000;

const Base = taskMigration.compose({ upTo: 'base' }).Kernel;

export class Freezer extends Base {
  /** freezer_mutex: no state of a group changes, and is told to its tasks, without it. */
  readonly freezer_mutex = this.machine.mutex('freezer_mutex');
  /** freezer_lock, kernel/freezer.c: who is frozen. */
  readonly freezer_lock = this.machine.spinlock('freezer_lock');
  readonly system_freezing_cnt = this.machine.cell('system_freezing_cnt', 0);
  /** freezer.state was read. */
  readonly freezer_state_read: MachineEvent<{ cgrp: cgroup; state: string }> =
    this.machine.event('freezer.state was read');
  readonly #freezers = new Map<cgroup, freezer>();

  constructor(machine: Machine) {
    super(machine);
    const [top] = this.tops;
    if (top !== undefined) this.#addFreezer(top);
    this.subsystem({
      name: 'freezer',
      attach: (cpu, cgrp, tset) => this.freezer_attach(cpu, cgrp, tset),
      fork: (cpu, child) => this.freezer_fork(cpu, child),
    });
  }

  override mkdir(path: string, root?: cgroup_root): cgroup {
    const cgrp = super.mkdir(path, root);
    this.#addFreezer(cgrp);
    return cgrp;
  }

  // --- For properties -------------------------------------------------------------------------------------------

  /** Every group that somebody has frozen and not thawed. */
  freezingGroups(): cgroup[] {
    return this.cgroups().filter(
      (cgrp) => ((this.#freezers.get(cgrp)?.state.peek() ?? 0) & CGROUP_FREEZING) !== 0,
    );
  }

  isFrozen(task: task_struct): boolean {
    return (task.flags.peek() & PF_FROZEN) !== 0;
  }

  /** It will freeze before it sees user mode. */
  isTold(task: task_struct): boolean {
    return task.sigpending.peek();
  }

  // --- kernel/freezer.c -----------------------------------------------------------------------------------------

  /** freezing() with freezing_slow_path(), v3.15. Leaves out: suspend, and PF_NOFREEZE. */
  *freezing(cpu: Cpu, task: task_struct): Path<boolean> {
    if ((yield* cpu.atomic_read(this.system_freezing_cnt)) === 0) return false;
    return yield* this.cgroup_freezing(cpu, task);
  }

  /** freeze_task(), kernel/freezer.c:111, v3.15. freezer_lock (irqsave) > siglock. Leaves out: kernel threads. */
  *freeze_task(cpu: Cpu, task: task_struct): Path<boolean> {
    const flags = yield* cpu.spin_lock_irqsave(this.freezer_lock);
    const asked = yield* this.freezing(cpu, task);
    const frozen = asked && ((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0;
    if (asked && !frozen) yield* this.fake_signal_wake_up(cpu, task);
    yield* cpu.spin_unlock_irqrestore(this.freezer_lock, flags);
    return asked && !frozen;
  }

  /** fake_signal_wake_up(), kernel/freezer.c:90, v3.15. Takes siglock. Leaves out: waking up. */
  *fake_signal_wake_up(cpu: Cpu, task: task_struct): Path {
    const { siglock } = yield* cpu.read(task.sighand);
    yield* cpu.spin_lock(siglock);
    yield* cpu.write(task.sigpending, true);
    yield* cpu.spin_unlock(siglock);
  }

  /** __thaw_task(), kernel/freezer.c:140, v3.15: the task itself looks again. Leaves out: waking up. */
  *__thaw_task(cpu: Cpu, task: task_struct): Path {
    const flags = yield* cpu.spin_lock_irqsave(this.freezer_lock);
    yield* cpu.read(task.flags);
    yield* cpu.spin_unlock_irqrestore(this.freezer_lock, flags);
  }

  /**
   * try_to_freeze() and the first round of __refrigerator(), kernel/freezer.c:54, v3.15. True: frozen, and as nobody
   * thaws in a scenario with this, for good. Takes freezer_lock. Leaves out: the sleep, and the rounds after it.
   */
  *try_to_freeze(cpu: Cpu): Path<boolean> {
    if (!(yield* this.freezing(cpu, cpu.current))) return false;
    yield* cpu.spin_lock_irq(this.freezer_lock);
    yield* cpu.set_bits(cpu.current.flags, PF_FROZEN);
    const still = yield* this.freezing(cpu, cpu.current);
    if (!still) yield* cpu.clear_bits(cpu.current.flags, PF_FROZEN);
    yield* cpu.spin_unlock_irq(this.freezer_lock);
    return still;
  }

  /** The way back to user mode: get_signal_to_deliver(), kernel/signal.c, v3.15, where a signal is pending. */
  *return_to_user(cpu: Cpu): Path {
    if (yield* cpu.read(cpu.current.sigpending)) yield* this.try_to_freeze(cpu);
  }

  // --- kernel/cgroup_freezer.c ----------------------------------------------------------------------------------

  /** What its lock is differs between trees: a mutex since e5ced8ebb10c, freezer->lock before. Returns with it held. */
  *lock_freezer(cpu: Cpu, _freezer: freezer): Path {
    yield* cpu.mutex_lock(this.freezer_mutex);
  }

  *unlock_freezer(cpu: Cpu, _freezer: freezer): Path {
    yield* cpu.mutex_unlock(this.freezer_mutex);
  }

  /** lockdep_assert_held() of the functions that change a state. */
  *assert_freezer_held(cpu: Cpu, _freezer: freezer): Path {
    yield* cpu.lockdep_assert_held(this.freezer_mutex);
  }

  /** css_freezer(): which freezer belongs to a cgroup never changes. */
  css_freezer(cgrp: cgroup): freezer {
    return this.#freezers.get(cgrp) as freezer;
  }

  /** task_freezer(): under RCU. */
  *task_freezer(cpu: Cpu, task: task_struct): Path<freezer> {
    const cset = yield* cpu.read(task.cgroups);
    const [cgrp] = yield* cpu.read(cset.subsys);
    return this.css_freezer(cgrp as cgroup);
  }

  /** cgroup_freezing(), kernel/cgroup_freezer.c:63, v3.15.5. No lock but RCU. */
  *cgroup_freezing(cpu: Cpu, task: task_struct): Path<boolean> {
    yield* this.rcu_read_lock(cpu);
    const { state } = yield* this.task_freezer(cpu, task);
    const word = yield* cpu.read(state);
    yield* this.rcu_read_unlock(cpu);
    return (word & CGROUP_FREEZING) !== 0;
  }

  /** freezer_attach(), kernel/cgroup_freezer.c:163, v3.15.5. Under cgroup_mutex; takes freezer_mutex. */
  *freezer_attach(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path {
    const { state } = this.css_freezer(cgrp);
    yield* this.lock_freezer(cpu, this.css_freezer(cgrp));
    let task = yield* this.cgroup_taskset_first(cpu, tset);
    while (task !== undefined) {
      if (((yield* cpu.read(state)) & CGROUP_FREEZING) === 0) {
        yield* this.__thaw_task(cpu, task);
      } else {
        yield* this.freeze_task(cpu, task);
        yield* cpu.clear_bits(state, CGROUP_FROZEN);
      }
      task = yield* this.cgroup_taskset_next(cpu, tset);
    }
    yield* this.unlock_freezer(cpu, this.css_freezer(cgrp));
  }

  /** freezer_fork(), kernel/cgroup_freezer.c:208, v3.15.5. Takes freezer_mutex > RCU; nothing to do in the root. */
  *freezer_fork(cpu: Cpu, child: task_struct): Path {
    const [top] = this.tops;
    const root = top === undefined ? undefined : this.css_freezer(top);
    yield* this.rcu_read_lock(cpu);
    const before = yield* this.task_freezer(cpu, child);
    yield* this.rcu_read_unlock(cpu);
    if (before === root) return;
    yield* this.lock_freezer(cpu, before);
    yield* this.rcu_read_lock(cpu);
    const { state } = yield* this.task_freezer(cpu, child);
    if (((yield* cpu.read(state)) & CGROUP_FREEZING) !== 0) yield* this.freeze_task(cpu, child);
    yield* this.rcu_read_unlock(cpu);
    yield* this.unlock_freezer(cpu, before);
  }

  /** update_if_frozen(), kernel/cgroup_freezer.c:250, v3.15.5. Under freezer_mutex; takes css_set_rwsem (read). */
  *update_if_frozen(cpu: Cpu, cgrp: cgroup): Path {
    const { state } = this.css_freezer(cgrp);
    yield* this.assert_freezer_held(cpu, this.css_freezer(cgrp));
    const word = yield* cpu.read(state);
    if ((word & CGROUP_FREEZING) === 0 || (word & CGROUP_FROZEN) !== 0) return;
    let all = true;
    let it = yield* this.css_task_iter_start(cpu, cgrp);
    while (all) {
      const [task, then] = yield* this.css_task_iter_next(cpu, it);
      if (task === undefined) break;
      const frozen = ((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0;
      if (!frozen && (yield* this.freezing(cpu, task))) all = false;
      it = then;
    }
    if (all) yield* cpu.set_bits(state, CGROUP_FROZEN);
    yield* this.css_task_iter_end(cpu);
  }

  /** freezer_read(), kernel/cgroup_freezer.c:304, v3.15.5: the state is read once more without the lock. */
  *freezer_read(cpu: Cpu, cgrp: cgroup): Path<string> {
    yield* this.lock_freezer(cpu, this.css_freezer(cgrp));
    yield* this.update_if_frozen(cpu, cgrp);
    yield* this.unlock_freezer(cpu, this.css_freezer(cgrp));
    const word = yield* cpu.read(this.css_freezer(cgrp).state);
    const state =
      (word & CGROUP_FROZEN) !== 0
        ? 'FROZEN'
        : (word & CGROUP_FREEZING) !== 0
          ? 'FREEZING'
          : 'THAWED';
    yield* cpu.emit(this.freezer_state_read, { cgrp, state });
    return state;
  }

  /** A write to freezer.state: freezer_write() to freezer_apply_state(), kernel/cgroup_freezer.c:361, v3.15.5. */
  *freezer_write(cpu: Cpu, cgrp: cgroup, freeze: boolean): Path {
    const { state } = this.css_freezer(cgrp);
    yield* this.lock_freezer(cpu, this.css_freezer(cgrp));
    yield* this.assert_freezer_held(cpu, this.css_freezer(cgrp));
    const before = ((yield* cpu.read(state)) & CGROUP_FREEZING) !== 0;
    if (freeze) {
      if (!before) yield* cpu.atomic_inc(this.system_freezing_cnt);
      yield* cpu.set_bits(state, CGROUP_FREEZING_SELF);
      yield* this.freeze_cgroup(cpu, cgrp, true);
    } else {
      yield* cpu.clear_bits(state, CGROUP_FREEZING_SELF);
      if (before) yield* cpu.atomic_dec(this.system_freezing_cnt);
      yield* cpu.clear_bits(state, CGROUP_FROZEN);
      yield* this.freeze_cgroup(cpu, cgrp, false);
    }
    yield* this.unlock_freezer(cpu, this.css_freezer(cgrp));
  }

  /** freeze_cgroup() and unfreeze_cgroup(), kernel/cgroup_freezer.c:327, v3.15.5. Under freezer_mutex. */
  *freeze_cgroup(cpu: Cpu, cgrp: cgroup, freeze: boolean): Path {
    let it = yield* this.css_task_iter_start(cpu, cgrp);
    for (;;) {
      const [task, then] = yield* this.css_task_iter_next(cpu, it);
      if (task === undefined) break;
      if (freeze) yield* this.freeze_task(cpu, task);
      else yield* this.__thaw_task(cpu, task);
      it = then;
    }
    yield* this.css_task_iter_end(cpu);
  }

  #addFreezer(cgrp: cgroup): void {
    this.#freezers.set(cgrp, this.machine.object(freezer, `freezer of ${cgrp.name}`));
  }
}
