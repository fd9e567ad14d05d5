// The freezer of cgroup v2 as a series: v6.12, and a mutant of it that has never been released.
import type { Path } from '../../machine/index.js';
import type { Elision } from '../elision.js';
import { taskMigration } from '../for-3.15/task-migration.js';
import type { cgroup } from '../for-3.15/css-set.js';
import type { Cpu } from '../for-3.15/task.js';
import type { Patch } from '../patch.js';
import { series, type Series } from '../series.js';
import { FreezerV2 } from './freezer.js';

const oneSideOnly: Patch<FreezerV2> = (Base) =>
  class OneSideOnly extends Base {
    /** cgroup_freezer_migrate_task() without its cgroup_dec_frozen_cnt(). */
    override *take_from_source(_cpu: Cpu, _src: cgroup): Path {}
  };

const elisions: readonly Elision<FreezerV2>[] = [
  ...(taskMigration.elisions as unknown as readonly Elision<FreezerV2>[]),
  {
    id: 'frozen-ancestors',
    path: 'cgroup_update_frozen',
    between: ['CGRP_FROZEN has changed', 'return'],
    leavesOut: 'nr_frozen_descendants of the ancestors, and the notification of cgroup.events',
    locks: [],
  },
  {
    id: 'freeze-walk',
    path: 'cgroup_do_freeze',
    between: ['css_set_lock is dropped', 'css_set_lock is taken'],
    leavesOut: 'the walk over the tasks: the group has none when it is frozen here',
    locks: ['css_set_lock', 'siglock'],
  },
];

export const freezerV2: Series<FreezerV2> = series('freezer-v2', {
  about: 'The freezer of cgroup v2 in v6.12, and what dies if a migration adjusts one count only',
  era: FreezerV2,
  patches: [
    {
      name: 'one-side-only',
      subject:
        'a mutant: a frozen task that is moved is counted where it goes, and not taken away where it was',
      mixin: oneSideOnly,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks: ['cgroup_mutex', 'css_set_lock', 'siglock', 'cgroup_threadgroup_rwsem'],
});
