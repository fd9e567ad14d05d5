// What the paths of this era leave out, one entry per section, and which paths leave nothing out. A test holds
// this list against the class: a new path has to be on one of the two.
import type { Path } from '../../machine/index.js';
import type { Elision } from '../elision.js';
import type { Patch } from '../patch.js';
import type { Cpu, task_struct } from './task.js';
import type { V2626 } from './v2.6.26.js';

const elideExitMm: Patch<V2626> = (Base) =>
  class ElideExitMm extends Base {
    override *exit_mm(_cpu: Cpu, _task: task_struct): Path {}
  };

const elideExitFiles: Patch<V2626> = (Base) =>
  class ElideExitFiles extends Base {
    override *exit_files(_cpu: Cpu, _task: task_struct): Path {}
  };

const elideExitFs: Patch<V2626> = (Base) =>
  class ElideExitFs extends Base {
    override *exit_fs(_cpu: Cpu, _task: task_struct): Path {}
  };

const fillAcctCollect: Patch<V2626> = (Base) =>
  class FillAcctCollect extends Base {
    /** acct_collect(), kernel/acct.c, v2.6.26: its siglock section. The caller holds nothing. */
    override *acct_collect(cpu: Cpu, task: task_struct): Path {
      const { siglock } = yield* cpu.read(task.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* cpu.spin_unlock_irq(siglock);
    }
  };

const inExit: readonly Elision<V2626>[] = [
  {
    id: 'exit_mm',
    path: 'exit_mm',
    between: ['exit_signals', 'exit_files'],
    leavesOut: 'the whole function, as for a kernel thread, which has no mm',
    locks: ['alloc_lock'],
    decides: { byDefault: 'modelled', elide: elideExitMm },
  },
  {
    id: 'mm-next-owner',
    path: 'mm_update_next_owner',
    between: ['task_lock is dropped', 'exit_files'],
    leavesOut: 'the search for the next owner, which a scenario names, and the callbacks',
    locks: ['tasklist_lock', 'alloc_lock'],
  },
  {
    id: 'exit_files',
    path: 'exit_files',
    between: ['exit_mm', 'exit_fs'],
    leavesOut: 'the whole function, as for a task without open files',
    locks: ['alloc_lock'],
    decides: { byDefault: 'modelled', elide: elideExitFiles },
  },
  {
    id: 'exit_fs',
    path: 'exit_fs',
    between: ['exit_files', 'cgroup_exit'],
    leavesOut: 'the whole function, as for a task without fs',
    locks: ['alloc_lock'],
    decides: { byDefault: 'modelled', elide: elideExitFs },
  },
  {
    id: 'acct_collect',
    path: 'acct_collect',
    between: ['exit_signals', 'exit_mm'],
    leavesOut: 'the accounting of CONFIG_BSD_PROCESS_ACCT',
    locks: ['siglock'],
    decides: { byDefault: 'left out', fill: fillAcctCollect },
  },
  {
    id: 'exit-middle',
    path: 'do_exit',
    between: ['exit_signals', 'cgroup_exit'],
    leavesOut:
      'waiting for pi_lock, itimers, robust futexes, audit, taskstats, System V semaphores',
    locks: ['siglock', 'alloc_lock'],
  },
  {
    id: 'exit_signals-retarget',
    path: 'exit_signals',
    between: ['PF_EXITING is set', 'siglock is dropped'],
    leavesOut: 'retargeting of shared signals, group stops and their notification',
    locks: ['tasklist_lock'],
  },
  {
    id: 'exit_notify-relations',
    path: 'exit_notify',
    between: ['cgroup_exit', 'release_task'],
    leavesOut: 'children, ptrace, process groups and the parent, which is taken to ignore SIGCHLD',
    locks: ['tasklist_lock', 'siglock'],
  },
  {
    id: 'release_task-rest',
    path: 'release_task',
    between: ['exit_notify', 'put_task_struct'],
    leavesOut: 'proc and ptrace',
    locks: [],
  },
  {
    id: 'exit_signal-rest',
    path: '__exit_signal',
    between: ['siglock is taken', 'siglock is dropped'],
    leavesOut: 'sums of the group, signal and sighand becoming NULL, and their freeing',
    locks: [],
  },
];

const inFork: readonly Elision<V2626>[] = [
  {
    id: 'dup_task_struct-copy',
    path: 'dup_task_struct',
    between: ['kmalloc', 'cgroup_fork'],
    leavesOut: 'the copy of the parent, the second reference of a new task, credentials, limits',
    locks: [],
  },
  {
    id: 'fork-middle',
    path: 'copy_process',
    between: ['cgroup_fork', 'tasklist_lock is taken'],
    leavesOut:
      'everything copied but signal and sighand, alloc_pid(), and that all of it may sleep and fail',
    locks: ['siglock'],
  },
  {
    id: 'copy_sighand-count',
    path: 'copy_sighand',
    between: ['cgroup_fork', 'copy_signal'],
    leavesOut: 'the count of users, and the copy of the actions',
    locks: [],
  },
  {
    id: 'copy_signal-limits',
    path: 'copy_signal',
    between: ['copy_sighand', 'tasklist_lock is taken'],
    leavesOut: 'the count of users, the copy of the limits, tty audit',
    locks: ['alloc_lock', 'siglock'],
  },
  {
    id: 'publish-relations',
    path: 'publish_child',
    between: ['siglock is taken', 'siglock is dropped'],
    leavesOut: 'the parent, ptrace, process groups, CPU timers',
    locks: [],
  },
  {
    id: 'bad_fork-cleanup',
    path: 'bad_fork',
    between: ['the error', 'cgroup_exit'],
    leavesOut: 'giving back what the left out copies took: exit_fs() and exit_files() of the child',
    locks: ['alloc_lock'],
  },
  {
    id: 'put_task_struct-rest',
    path: 'put_task_struct',
    between: ['the last reference', 'kfree'],
    leavesOut: 'credentials, signal_struct and delay accounting',
    locks: [],
  },
];

const inCgroup: readonly Elision<V2626>[] = [
  {
    id: 'release-work',
    path: 'check_for_release',
    between: ['release_list_lock is dropped', 'return'],
    leavesOut: 'references of non-tasks on subsystem states, and the work that runs the agent',
    locks: ['cgroup_mutex'],
  },
  {
    id: 'count-per-subsystem',
    path: 'release_css_set',
    between: ['css_set_lock is dropped', 'kfree'],
    leavesOut: 'that a cgroup is counted once per subsystem: here it is once per hierarchy',
    locks: [],
  },
  {
    id: 'css_set-count',
    path: 'unlink_css_set',
    between: ['css_set_lock is taken', 'css_set_lock is dropped'],
    leavesOut: 'css_set_count, which only a mount reads',
    locks: [],
  },
  {
    id: 'css_set-hash',
    path: 'find_existing_css_set',
    between: ['css_set_lock is taken', 'the css_set is found'],
    leavesOut: 'the hash: the table is one bucket',
    locks: [],
  },
  {
    id: 'root-links',
    path: 'find_css_set',
    between: ['css_set_lock is taken', 'css_set_lock is dropped'],
    leavesOut: 'css_set_count, and the unmounted hierarchy, which has a link of every css_set',
    locks: [],
  },
  {
    id: 'pid-array',
    path: 'pid_array_load',
    between: ['cgroup_iter_start', 'cgroup_iter_end'],
    leavesOut: 'the array, which a count before it makes large enough, or too small',
    locks: ['css_set_lock'],
  },
  {
    id: 'attach-checks',
    path: 'attach_task_by_pid',
    between: ['cgroup_mutex is taken', 'cgroup_attach_task'],
    leavesOut: 'a destination that was removed, permissions, and pid 0 for current',
    locks: [],
  },
  {
    id: 'find_task-pid',
    path: 'find_and_get_task',
    between: ['rcu_read_lock', 'get_task_struct'],
    leavesOut: 'pids: a task is looked up as an object that may be gone',
    locks: [],
  },
  {
    id: 'charge',
    path: 'mem_cgroup_of_owner',
    between: ['the cgroup is found', 'rcu_read_unlock'],
    leavesOut: 'css_get() on the state that was found, and the charge itself',
    locks: [],
  },
];

export const elisions: readonly Elision<V2626>[] = [...inFork, ...inCgroup, ...inExit];

/** Paths that do all that their C function does on the state of this model, or that are no C function. */
export const leaveNothingOut: readonly string[] = [
  '__put_css_set',
  'begin_task_walk',
  'cgroup_advance_iter',
  'cgroup_attach_task',
  'cgroup_enable_task_cg_lists',
  'cgroup_exit',
  'cgroup_fork',
  'cgroup_fork_callbacks',
  'cgroup_is_releasable',
  'cgroup_iter_end',
  'cgroup_iter_next',
  'cgroup_iter_start',
  'cgroup_of_target',
  'cgroup_post_fork',
  'enable_task',
  'enable_unless_linked',
  'end_task_walk',
  'find_both_css_sets',
  'free_css_set',
  'get_css_set',
  'get_task_struct',
  'is_exiting',
  'link_child',
  'list_del_rcu',
  'look_up_css_set',
  'may_enable',
  'old_css_set_at_entry',
  'put_css_set',
  'put_css_set_taskexit',
  'reads_notify_on_release',
  'subsys_attach',
  'subsys_can_attach',
  'subsys_exit',
  'task_cgroup',
  'unlink_exiting',
];
