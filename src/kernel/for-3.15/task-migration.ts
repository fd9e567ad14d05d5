// The series of seed 000: "[PATCHSET v2 cgroup/for-3.15] cgroup: update task migration path", 2014-02-13, with the
// fix that it was rebased onto as its first patch.
import { type LockName, standingOn } from '../patch.js';
import { series, type Series, type SeriesPatch } from '../series.js';
import { elisions } from './elisions.js';
import { For315 } from './for-3.15.js';
import { p0001 } from './patches/0001.js';
import { p0002, type Taskset } from './patches/0002.js';
import { type CsetCgroupFromRoot, p0003 } from './patches/0003.js';
import { type FourSteps, p0004 } from './patches/0004.js';
import { p0005 } from './patches/0005.js';
import { p0006 } from './patches/0006.js';
import { p0007, type TransferLocks } from './patches/0007.js';
import { forkThreadgroup } from './patches/fork-threadgroup.js';
import { identityMoves } from './patches/identity-moves.js';
import { killSeq } from './patches/kill-seq.js';
import { lockPerTask } from './patches/lock-per-task.js';
import { noLazyLists } from './patches/no-lazy-lists.js';
import { noReleasable } from './patches/no-releasable.js';
import { scanTasks } from './patches/scan-tasks.js';
import { siglock } from './patches/siglock.js';
import { skipMigrating } from './patches/skip-migrating.js';
import { splitNodes } from './patches/split-nodes.js';
import { tasksetOrder } from './patches/taskset-order.js';
import { threadgroupRwsem, type ThreadgroupRwsem } from './patches/threadgroup-rwsem.js';
import { transferSkipsExiting } from './patches/transfer-skips-exiting.js';
import { transferThreadgroup } from './patches/transfer-threadgroup.js';
import { type Today, v612 } from './patches/v6.12/index.js';

/** The era with all that the series adds; name paths of this to drop locks in functions that patches made. */
export type Patched315 = For315 &
  Taskset &
  CsetCgroupFromRoot &
  FourSteps &
  TransferLocks &
  ThreadgroupRwsem &
  Today;

const locks: readonly LockName<Patched315>[] = [
  'cgroup_tree_mutex',
  'cgroup_mutex',
  'release_list_lock',
  'i_mutex',
  'css_set_rwsem',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
  'group_rwsem',
  'cgroup_threadgroup_rwsem',
  'css_set_lock',
];

/** What the branch had replaced when the series was posted, as it was in v3.14. The array of targets is in the era. */
const variants: readonly SeriesPatch<For315>[] = [
  {
    name: 'scan-tasks',
    subject: 'cgroup_transfer_tasks() by css_scan_tasks(), until e406d1cfff6a',
    mixin: scanTasks,
  },
  {
    name: 'lock-per-task',
    subject: 'css_set_lock is taken inside cgroup_task_migrate(), for each task',
    mixin: lockPerTask,
  },
];

const history: readonly SeriesPatch<For315>[] = [
  {
    name: 'siglock',
    commit: '532de3fc72ad',
    subject: 'update cgroup_enable_task_cg_lists() to grab siglock',
    mixin: siglock,
  },
  {
    name: '0001',
    commit: 'c75611282cf1',
    subject: 'add css_set->mg_tasks',
    mixin: p0001,
  },
  {
    name: '0002',
    commit: 'b3dc094e9390',
    subject: 'use css_set->mg_tasks to track target tasks during migration',
    mixin: p0002,
  },
  {
    name: '0003',
    subject: 'separate out cset_group_from_root() from task_cgroup_from_root()',
    mixin: p0003,
  },
  {
    name: '0004',
    commit: '1958d2d53dad',
    subject: 'split process / task migration into four steps',
    mixin: p0004,
  },
  {
    name: '0005',
    commit: 'eaf797abc53b',
    subject: 'update how a newly forked task gets associated with css_set',
    mixin: p0005,
  },
  {
    name: '0006',
    subject: 'drop task_lock() protection around task->cgroups',
    mixin: p0006,
  },
  {
    name: '0007',
    subject: 'update cgroup_transfer_tasks() to either succeed or fail',
    mixin: p0007,
  },
  // What came later, in the order of history.
  {
    name: 'taskset-order',
    commit: '1b9aba49eab5',
    subject: 'fix cgroup_taskset walking order',
    mixin: tasksetOrder,
  },
  {
    name: 'identity-moves',
    commit: 'f817de98513d',
    subject: 'prepare migration path for unified hierarchy',
    mixin: identityMoves,
  },
  {
    name: 'no-releasable',
    commit: 'a25eb52e81ed',
    subject: 'remove CGRP_RELEASABLE flag',
    mixin: noReleasable,
  },
  {
    name: 'threadgroup-rwsem',
    commit: '1ed1328792ff',
    subject: 'replace signal_struct->group_rwsem with a global percpu_rwsem',
    mixin: threadgroupRwsem,
  },
  {
    name: 'fork-threadgroup',
    commit: 'c9e75f0492b2',
    subject: 'pids: fix race between cgroup_post_fork() and cgroup_migrate()',
    mixin: forkThreadgroup,
  },
  {
    name: 'transfer-threadgroup',
    subject: 'cgroup_transfer_tasks() takes cgroup_threadgroup_rwsem (between v4.4 and v4.19)',
    mixin: transferThreadgroup,
  },
  {
    name: 'transfer-skips-exiting',
    commit: '116d2f7496c5',
    subject: 'Fix deadlock in cpu hotplug path',
    mixin: transferSkipsExiting,
  },
  {
    name: 'no-lazy-lists',
    commit: '5153faac18d2',
    subject: 'remove cgroup_enable_task_cg_lists() optimization',
    mixin: noLazyLists,
  },
  {
    name: 'split-nodes',
    commit: '07fd5b6cdf3c',
    subject: 'Use separate src/dst nodes when preloading css_sets for migration',
    mixin: splitNodes,
  },
];

/** Not one change, but what all of them came to: it stands on the whole history. */
const today: SeriesPatch<For315> = {
  name: 'v6.12',
  subject: 'fork, exit and migration as they are in v6.12',
  mixin: standingOn(
    history.map(({ mixin }) => mixin),
    v612,
  ),
};

const afterwards: readonly SeriesPatch<For315>[] = [
  {
    name: 'kill-seq',
    commit: 'b69bb476dee9',
    subject: 'fix race between fork and cgroup.kill',
    mixin: standingOn([today.mixin], killSeq),
  },
  {
    name: 'skip-migrating',
    commit: '5ee01f1a7343',
    subject: 'fix race between task migration and iteration',
    mixin: standingOn([today.mixin], skipMigrating),
  },
];

/** The rung `base` is the tree that the series applies to: the siglock fix, and nothing of the series. */
export const taskMigration: Series<For315> = series('task-migration', {
  about: 'Update task migration path (Tejun Heo, February 2014), on cgroup/for-3.15',
  era: For315,
  variants,
  patches: [...history, today, ...afterwards],
  rungs: {
    'v3.14': ['scan-tasks', 'lock-per-task'],
    'pre-siglock': [],
    base: ['siglock'],
  },
  elisions,
  locks,
});
