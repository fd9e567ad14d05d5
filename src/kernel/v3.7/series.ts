// Stopped tasks and the freezer as a series: a machine on which an unlock orders no load, and the fix of 2012.
import type { Path } from '../../machine/index.js';
import type { Elision } from '../elision.js';
import { PF_FROZEN } from '../for-3.15/freezer/freezer.js';
import { cgroupFreezer } from '../for-3.15/freezer/series.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import type { LockName, Patch } from '../patch.js';
import { series, type Series } from '../series.js';
import { StoppedTasks } from './stopped-tasks.js';

/**
 * read_unlock() as arm64 has it (stlxr, arch/arm64/include/asm/spinlock.h, v3.7): what comes before it is visible before
 * it, and later loads may pass it. The machine has no such rwlock, so a spinlock stands for tasklist_lock, whose unlock is
 * a plain store. It keeps readers apart, too, which allows less.
 */
const releaseUnlock: Patch<StoppedTasks> = (Base) =>
  class ReleaseUnlock extends Base {
    readonly tasklist_released = this.machine.spinlock('tasklist_lock (release only)');

    override *read_lock_tasklist(cpu: Cpu): Path {
      yield* cpu.spin_lock(this.tasklist_released);
    }

    override *read_unlock_tasklist(cpu: Cpu): Path {
      yield* cpu.spin_unlock(this.tasklist_released);
    }

    override *write_lock_tasklist(cpu: Cpu): Path {
      yield* cpu.spin_lock_irq(this.tasklist_released);
    }

    override *write_unlock_tasklist(cpu: Cpu): Path {
      yield* cpu.spin_unlock_irq(this.tasklist_released);
    }
  };

/** 5d8f72b55c27 "freezer: change ptrace_stop/do_signal_stop to use freezable_schedule()". */
const freezableSchedule: Patch<StoppedTasks> = (Base) =>
  class FreezableSchedule extends Base {
    /** freezable_schedule(), include/linux/freezer.h, v3.8. */
    override *schedule_traced(cpu: Cpu): Path {
      yield* this.freezer_do_not_count(cpu);
      yield* this.schedule(cpu);
      yield* this.freezer_count(cpu);
    }

    /** ptrace_stop(): the call is gone. */
    override *freeze_after_stop(_cpu: Cpu): Path {}

    /** update_if_frozen(): a stopped task is no longer frozen enough. */
    override *frozen_enough(cpu: Cpu, task: task_struct): Path<boolean> {
      if (((yield* cpu.read(task.flags)) & PF_FROZEN) !== 0) return true;
      return yield* this.freezer_should_skip(cpu, task);
    }
  };

const locks: readonly LockName<StoppedTasks>[] = [
  'cgroup_mutex',
  'css_set_lock',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
  'freezer_lock',
];

const elisions: readonly Elision<StoppedTasks>[] = [
  ...(cgroupFreezer.elisions as unknown as readonly Elision<StoppedTasks>[]),
  {
    id: 'ptrace-report',
    path: 'ptrace_stop',
    between: ['TASK_TRACED is set', 'siglock is dropped'],
    leavesOut: 'jobctl, last_siginfo and exit_code, and the notification of the tracer',
    locks: [],
  },
  {
    id: 'ptrace-return',
    path: 'ptrace_notify',
    between: ['siglock is taken again', 'return'],
    leavesOut:
      'what the task does before user mode, where TIF_SIGPENDING makes it freeze if it was told',
    locks: ['siglock'],
  },
  {
    id: 'ptrace-wake',
    path: 'signal_wake_up',
    between: ['TIF_SIGPENDING is set', 'return'],
    leavesOut: 'pi_lock and the lock of the runqueue: a wait queue of the task stands for them',
    locks: [],
  },
];

export const stoppedTasks: Series<StoppedTasks> = series('stopped-tasks', {
  about: 'The cgroup freezer of 2012, and tasks that stop for their tracer',
  era: StoppedTasks,
  patches: [
    {
      name: 'release-unlock',
      subject: 'a variant: unlocking tasklist_lock orders no load, as on arm64',
      mixin: releaseUnlock,
    },
    {
      name: 'freezable-schedule',
      commit: '5d8f72b55c27',
      subject: 'freezer: change ptrace_stop/do_signal_stop to use freezable_schedule()',
      mixin: freezableSchedule,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
