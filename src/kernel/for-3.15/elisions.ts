// What the paths of this era leave out, one entry per section, and which paths leave nothing out. A test holds
// this list against the class: a new path has to be on one of the two.
import type { Path } from '../../machine/index.js';
import type { Elision } from '../elision.js';
import type { Patch } from '../patch.js';
import { directoryElisions, directoryPathsWhole } from './directory-elisions.js';
import type { For315 } from './for-3.15.js';
import { inToday, leaveNothingOutToday } from './patches/v6.12/elisions.js';
import type { Cpu, task_struct } from './task.js';

const elideExitMm: Patch<For315> = (Base) =>
  class ElideExitMm extends Base {
    override *exit_mm(_cpu: Cpu, _task: task_struct): Path {}
  };

const elideExitFiles: Patch<For315> = (Base) =>
  class ElideExitFiles extends Base {
    override *exit_files(_cpu: Cpu, _task: task_struct): Path {}
  };

const elideExitFs: Patch<For315> = (Base) =>
  class ElideExitFs extends Base {
    override *exit_fs(_cpu: Cpu, _task: task_struct): Path {}
  };

const fillAcctCollect: Patch<For315> = (Base) =>
  class FillAcctCollect extends Base {
    /** acct_collect(), kernel/acct.c:590, v3.15.5: its siglock section. The caller holds nothing. */
    override *acct_collect(cpu: Cpu, task: task_struct): Path {
      const { siglock } = yield* cpu.read(task.sighand);
      yield* cpu.spin_lock_irq(siglock);
      yield* cpu.spin_unlock_irq(siglock);
    }
  };

const inExit: readonly Elision<For315>[] = [
  {
    id: 'exit_mm',
    path: 'exit_mm',
    between: ['exit_signals', 'exit_files'],
    leavesOut: 'the whole function, as for a kernel thread, which has no mm',
    locks: ['alloc_lock'],
    decides: { byDefault: 'modelled', elide: elideExitMm },
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
    path: 'do_exit_from_mm',
    between: ['exit_signals', 'cgroup_exit'],
    leavesOut:
      'waiting for pi_lock, itimers, audit, taskstats, System V objects, namespaces, task work, perf events',
    locks: ['siglock', 'alloc_lock'],
  },
  {
    id: 'exit_task_namespaces-rest',
    path: 'exit_task_namespaces',
    between: ['exit_fs', 'cgroup_exit'],
    leavesOut:
      'namespaces and task work, but for the last mount of a hierarchy where the scenario says that it goes',
    locks: ['cgroup_mutex'],
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
    leavesOut: 'proc, ptrace, credentials',
    locks: [],
  },
  {
    id: 'exit_signal-rest',
    path: '__exit_signal',
    between: ['siglock is taken', 'siglock is dropped'],
    leavesOut: 'sums of the group, sighand becoming NULL, freeing of signal and sighand',
    locks: [],
  },
];

const inFork: readonly Elision<For315>[] = [
  {
    id: 'dup_task_struct-copy',
    path: 'dup_task_struct',
    between: ['kmalloc', 'cgroup_fork'],
    leavesOut: 'the copy of the parent, the second reference of a new task, credentials, limits',
    locks: [],
  },
  {
    id: 'start_time',
    path: 'copy_process',
    between: ['dup_task_struct', 'threadgroup_change_begin'],
    leavesOut:
      'the start time of the child, which only css_scan_tasks() reads: the form that has it says when',
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
    leavesOut: 'the copy of the limits, autogroups, tty audit',
    locks: ['alloc_lock', 'siglock'],
  },
  {
    id: 'bad_fork-cleanup',
    path: 'bad_fork',
    between: ['the error', 'threadgroup_change_end'],
    leavesOut: 'giving back what the left out copies took: exit_fs() and exit_files() of the child',
    locks: ['alloc_lock'],
  },
  {
    id: 'send_signal-queue',
    path: 'send_signal',
    between: ['siglock is taken', 'siglock is dropped'],
    leavesOut: 'the queue of signals, masks, waking up',
    locks: [],
  },
  {
    id: 'put_task_struct-rest',
    path: 'put_task_struct',
    between: ['the last reference', 'kfree'],
    leavesOut: 'credentials, signal_struct and delay accounting',
    locks: [],
  },
];

const inCgroup: readonly Elision<For315>[] = [
  {
    id: 'rcu-single',
    path: 'rcu_read_lock',
    between: ['any statement', 'rcu_read_unlock'],
    leavesOut: 'read sections around a single task that another lock or reference keeps alive',
    locks: [],
  },
  {
    id: 'css_set-free',
    path: 'put_css_set_locked',
    between: ['the last reference', 'kfree'],
    leavesOut: 'css_set_count, and the grace period of kfree_rcu(): the memory is gone at once',
    locks: [],
  },
  {
    id: 'css_set-hash',
    path: 'find_existing_css_set',
    between: ['css_set_rwsem is taken', 'the css_set is found'],
    leavesOut: 'the hash, and the comparison of links: a css_set is the tuple of its cgroups',
    locks: [],
  },
  {
    id: 'css_set-count',
    path: 'find_css_set',
    between: ['css_set_rwsem is taken', 'css_set_rwsem is dropped'],
    leavesOut:
      'css_set_count, and the unmounted default hierarchy, which has a link of every css_set',
    locks: [],
  },
  {
    id: 'cgrp_links-walk',
    path: 'task_cgroup_from_root',
    between: ['the css_set is known', 'the cgroup is known'],
    leavesOut: 'the walk along cgrp_links: the tuple of cgroups is read at once',
    locks: [],
  },
  {
    id: 'cgrp_links-walk-of-cset',
    path: 'cset_cgroup_from_root',
    between: ['the css_set is known', 'the cgroup is known'],
    leavesOut: 'the walk along cgrp_links: the tuple of cgroups is read at once',
    locks: [],
  },
  {
    id: 'pidlist-array',
    path: 'pidlist_array_load',
    between: ['cgroup_task_count', 'css_task_iter_start'],
    leavesOut:
      'the array: it is as long as cgroup_task_count() said before the walk, so that a read may miss who joined since',
    locks: ['css_set_rwsem'],
  },
  {
    id: 'mount-rest',
    path: 'cgroup_mount',
    between: ['cgroup_enable_task_cg_lists', 'return'],
    leavesOut: 'all of the mount itself',
    locks: ['cgroup_mutex', 'css_set_rwsem'],
  },
  {
    id: 'attach-checks',
    path: 'attach_task_by_pid',
    between: ['cgroup_mutex is taken', 'threadgroup_lock'],
    leavesOut: 'permissions, kthreadd and PF_NO_SETAFFINITY',
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
    id: 'flex_array-free',
    path: 'flex_array_alloc',
    between: ['flex_array_alloc', 'return'],
    leavesOut: 'giving the array back: nobody else ever sees it',
    locks: [],
  },
  {
    id: 'leader-change',
    path: 'threadgroup_change_begin',
    between: ['any statement', 'threadgroup_change_end'],
    leavesOut: 'de_thread(): no thread becomes leader by exec',
    locks: ['group_rwsem', 'tasklist_lock'],
  },
];

export const elisions: readonly Elision<For315>[] = [
  ...inFork,
  ...inCgroup,
  ...directoryElisions,
  ...inExit,
  ...inToday,
];

/** Paths that do all that their C function does on the state of this model, or that are no C function. */
export const leaveNothingOut: readonly string[] = [
  ...directoryPathsWhole,
  'attach_and_tell',
  'cgroup_attach_task',
  'cgroup_attach_task_all',
  'cgroup_enable_task_cg_lists',
  'cgroup_exit',
  'cgroup_fork',
  'cgroup_migrate',
  'cgroup_migrate_add_src',
  'cgroup_migrate_finish',
  'cgroup_migrate_prepare_dst',
  'cgroup_post_fork',
  'cgroup_task_migrate',
  'cgroup_taskset_first',
  'cgroup_taskset_next',
  'cgroup_transfer_one_task',
  'cgroup_transfer_tasks',
  'chain_cset',
  'collect_target',
  'collect_targets',
  'commit_targets',
  'commit_taskset',
  'css_advance_task_iter',
  'css_scan_pass',
  'css_scan_tasks',
  'css_task_iter_end',
  'css_task_iter_next',
  'css_task_iter_start',
  'do_exit',
  'enable_task',
  'find_destinations',
  'first_task_of',
  'fork_change_begin',
  'fork_change_end',
  'get_css_set',
  'get_task_struct',
  'init_list_head',
  'init_taskset',
  'is_exiting',
  'link_css_set',
  'link_unless_exiting',
  'list_del_rcu',
  'lock_task_cgroups',
  'may_migrate',
  'move_to_mg_tasks',
  'next_thread',
  'pair_csets',
  'publish_child',
  'put_css_set',
  'rcu_read_unlock',
  'release_taskset',
  'snapshot_threads',
  'subsys_attach',
  'subsys_can_attach',
  'subsys_cancel_attach',
  'subsys_exit',
  'subsys_fork',
  'take_linked',
  'tell_subsys_called',
  'threadgroup_change_end',
  'threadgroup_lock',
  'threadgroup_unlock',
  'transfer_lock',
  'transfer_unlock',
  'unlock_task_cgroups',
  'youngest_process',
  ...leaveNothingOutToday,
];
