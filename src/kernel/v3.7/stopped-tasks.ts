// Tasks that stop for their tracer, and the cgroup freezer that counts them as frozen: kernel/signal.c, kernel/ptrace.c and
// kernel/cgroup_freezer.c just before 5d8f72b55c27 (v3.8-rc1). Read: that commit, and ptrace_stop() of a tree of 3.4 that has
// it; lines are those of its diff. The rest of the freezer is v3.15.5, with freezer->lock and css_set_lock.
import type { Cell, Path, WaitQueue } from '../../machine/index.js';
import type { cgroup } from '../for-3.15/css-set.js';
import { Freezer, PF_FROZEN } from '../for-3.15/freezer/freezer.js';
import { CGROUP_FREEZING, CGROUP_FROZEN, type freezer } from '../for-3.15/freezer/state.js';
import { type css_task_iter, iterAt } from '../for-3.15/iter.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';

/** task_struct.flags: include/linux/sched.h, v3.7. */
export const PF_FREEZER_SKIP = 0x40000000;

export type StopState = 'TASK_RUNNING' | 'TASK_TRACED';

/** What a task has besides: its state as others see it, its ptrace flags, and where it sleeps. */
interface Stop {
  readonly state: Cell<StopState>;
  readonly ptrace: Cell<boolean>;
  readonly asleep: WaitQueue;
}

export class StoppedTasks extends Freezer {
  /** Protects the lists of css_sets up to v3.14, in the place of css_set_rwsem. */
  readonly css_set_lock = this.machine.rwlock('css_set_lock');
  readonly #stops = new Map<task_struct, Stop>();

  override task(name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    const task = super.task(name, ...cgroups);
    const state = this.machine.cell<StopState>(`${name}.state`, 'TASK_RUNNING');
    this.#stops.set(task, {
      state,
      ptrace: this.machine.cell(`${name}.ptrace`, false),
      asleep: this.machine.waitqueue(`${name} in schedule()`),
    });
    return task;
  }

  /** Somebody traces the task. */
  set_traced(task: task_struct): void {
    this.machine.settle(this.stop(task).ptrace, true);
  }

  // --- For properties -------------------------------------------------------------------------------------------

  /** Every group of which a reader is told that it is FROZEN. */
  frozenGroups(): cgroup[] {
    return this.freezingGroups().filter(
      (cgrp) => (this.css_freezer(cgrp).state.peek() & CGROUP_FROZEN) !== 0,
    );
  }

  isStopped(task: task_struct): boolean {
    return this.stop(task).state.peek() !== 'TASK_RUNNING';
  }

  // --- kernel/signal.c, kernel/ptrace.c -------------------------------------------------------------------------

  stop(task: task_struct): Stop {
    return this.#stops.get(task) as Stop;
  }

  /** ptrace_notify(), kernel/signal.c, v3.7, of a task that has seen that it is traced. Takes siglock (irq). */
  *ptrace_notify(cpu: Cpu): Path {
    const { siglock } = yield* cpu.read(cpu.current.sighand);
    yield* cpu.spin_lock_irq(siglock);
    yield* this.ptrace_stop(cpu);
    yield* cpu.spin_unlock_irq(siglock);
  }

  /**
   * ptrace_stop(), kernel/signal.c, v3.7. Under siglock, which it drops and takes again; takes tasklist_lock (read).
   * Leaves out: arch_ptrace_stop(), jobctl, the notification of the tracer, exit_code, recalc_sigpending_tsk().
   */
  *ptrace_stop(cpu: Cpu): Path {
    const { state, ptrace } = this.stop(cpu.current);
    const { siglock } = yield* cpu.read(cpu.current.sighand);
    yield* cpu.lockdep_assert_held(siglock);
    yield* cpu.smp_store_mb(state, 'TASK_TRACED');
    yield* cpu.spin_unlock_irq(siglock);
    yield* this.read_lock_tasklist(cpu);
    if (yield* cpu.read(ptrace)) {
      yield* this.read_unlock_tasklist(cpu);
      yield* this.schedule_traced(cpu);
    } else {
      yield* cpu.write(state, 'TASK_RUNNING');
      yield* this.read_unlock_tasklist(cpu);
    }
    yield* this.freeze_after_stop(cpu);
    yield* cpu.spin_lock_irq(siglock);
  }

  /** What it calls to sleep. */
  *schedule_traced(cpu: Cpu): Path {
    yield* this.schedule(cpu);
  }

  /** Its try_to_freeze(), on both ways. */
  *freeze_after_stop(cpu: Cpu): Path {
    yield* this.try_to_freeze(cpu);
  }

  /** schedule(), until the state of the task is TASK_RUNNING: here it is a wait queue of its own. */
  *schedule(cpu: Cpu): Path {
    const { state, asleep } = this.stop(cpu.current);
    yield* cpu.wait_event(asleep, function* () {
      return (yield* cpu.read(state)) === 'TASK_RUNNING';
    });
  }

  /**
   * A tracer goes: ptrace_detach() or exit_ptrace(), and __ptrace_unlink(), kernel/ptrace.c, v3.7, reconstructed from v3.0
   * and v4.x. Takes tasklist_lock
   * (write, irq) > siglock. Leaves out: the links between the two tasks, and a group stop.
   */
  *ptrace_detach(cpu: Cpu, child: task_struct): Path {
    const { state, ptrace } = this.stop(child);
    yield* this.write_lock_tasklist(cpu);
    yield* cpu.BUG_ON(!(yield* cpu.read(ptrace)), 'the child is not traced');
    const { siglock } = yield* cpu.read(child.sighand);
    yield* cpu.spin_lock(siglock);
    yield* cpu.write(ptrace, false);
    if ((yield* cpu.read(state)) === 'TASK_TRACED') yield* this.signal_wake_up(cpu, child);
    yield* cpu.spin_unlock(siglock);
    yield* this.write_unlock_tasklist(cpu);
  }

  /** signal_wake_up(t, 1), kernel/signal.c, v3.7. Under siglock. Leaves out: pi_lock and the lock of the runqueue. */
  *signal_wake_up(cpu: Cpu, task: task_struct): Path {
    const { state, asleep } = this.stop(task);
    yield* cpu.write(task.sigpending, true);
    yield* cpu.write(state, 'TASK_RUNNING');
    yield* cpu.wake_up(asleep);
  }

  // What tasklist_lock is to these paths; see release-unlock.
  *read_lock_tasklist(cpu: Cpu): Path {
    yield* cpu.read_lock(this.tasklist_lock);
  }

  *read_unlock_tasklist(cpu: Cpu): Path {
    yield* cpu.read_unlock(this.tasklist_lock);
  }

  *write_lock_tasklist(cpu: Cpu): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
  }

  *write_unlock_tasklist(cpu: Cpu): Path {
    yield* cpu.write_unlock_irq(this.tasklist_lock);
  }

  // --- include/linux/freezer.h ----------------------------------------------------------------------------------

  /** freezer_do_not_count(), v3.8: whoever looks at the task shall take it as frozen. */
  *freezer_do_not_count(cpu: Cpu): Path {
    yield* cpu.set_bits(cpu.current.flags, PF_FREEZER_SKIP);
  }

  /** freezer_count(), v3.8. */
  *freezer_count(cpu: Cpu): Path {
    yield* cpu.clear_bits(cpu.current.flags, PF_FREEZER_SKIP);
    yield* cpu.smp_mb();
    yield* this.try_to_freeze(cpu);
  }

  /** freezer_should_skip(), v3.8. */
  *freezer_should_skip(cpu: Cpu, task: task_struct): Path<boolean> {
    yield* cpu.smp_mb();
    return ((yield* cpu.read(task.flags)) & PF_FREEZER_SKIP) !== 0;
  }

  // --- kernel/cgroup_freezer.c ----------------------------------------------------------------------------------

  /** freezer->lock, until e5ced8ebb10c. */
  override *lock_freezer(cpu: Cpu, { lock }: freezer): Path {
    yield* cpu.spin_lock_irq(lock);
  }

  override *unlock_freezer(cpu: Cpu, { lock }: freezer): Path {
    yield* cpu.spin_unlock_irq(lock);
  }

  override *assert_freezer_held(cpu: Cpu, { lock }: freezer): Path {
    yield* cpu.lockdep_assert_held(lock);
  }

  /** cgroup_iter_start(), kernel/cgroup.c, v3.7: css_set_lock for reading. */
  override *css_task_iter_start(cpu: Cpu, cgrp: cgroup): Path<css_task_iter> {
    yield* cpu.read_lock(this.css_set_lock);
    return yield* this.css_advance_task_iter(cpu, iterAt(cgrp));
  }

  override *css_task_iter_end(cpu: Cpu): Path {
    yield* cpu.read_unlock(this.css_set_lock);
  }

  /** update_if_frozen(), kernel/cgroup_freezer.c:173, before 5d8f72b55c27. Under freezer->lock; css_set_lock (read). */
  override *update_if_frozen(cpu: Cpu, cgrp: cgroup): Path {
    const { state } = this.css_freezer(cgrp);
    yield* this.assert_freezer_held(cpu, this.css_freezer(cgrp));
    const word = yield* cpu.read(state);
    if ((word & CGROUP_FREEZING) === 0 || (word & CGROUP_FROZEN) !== 0) return;
    let all = true;
    let it = yield* this.css_task_iter_start(cpu, cgrp);
    while (all) {
      const [task, then] = yield* this.css_task_iter_next(cpu, it);
      if (task === undefined) break;
      if (yield* this.freezing(cpu, task)) all = yield* this.frozen_enough(cpu, task);
      it = then;
    }
    if (all) yield* cpu.set_bits(state, CGROUP_FROZEN);
    yield* this.css_task_iter_end(cpu);
  }

  /** Its question: frozen(), task_is_stopped_or_traced() or freezer_should_skip(). */
  *frozen_enough(cpu: Cpu, task: task_struct): Path<boolean> {
    if (((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0) return true;
    if ((yield* cpu.read(this.stop(task).state)) === 'TASK_TRACED') return true;
    return yield* this.freezer_should_skip(cpu, task);
  }
}
