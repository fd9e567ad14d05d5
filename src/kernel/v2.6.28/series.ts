// The freezer of 2.6.28 against a suspend, and the fix of 2010: a group that is still FREEZING keeps its tasks frozen,
// too. The fix is reconstructed from its effect: cgroup_freezing_or_frozen() in kernel/cgroup_freezer.c of 2.6.3x.
import type { Path } from '../../machine/index.js';
import type { Elision } from '../elision.js';
import { elisions as earlier } from '../for-3.15/elisions.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import type { LockName, Patch } from '../patch.js';
import { series, type Series } from '../series.js';
import { Freezer2628 } from './freezer.js';
import { CGROUP_FREEZING, CGROUP_FROZEN } from './state.js';

const freezingOrFrozen: Patch<Freezer2628> = (Base) =>
  class FreezingOrFrozen extends Base {
    /** cgroup_freezing_or_frozen(), kernel/cgroup_freezer.c, after the fix. Takes task_lock. */
    override *stays_frozen(cpu: Cpu, task: task_struct): Path<boolean> {
      const state = yield* this.state_of(cpu, task);
      return state === CGROUP_FREEZING || state === CGROUP_FROZEN;
    }
  };

const locks: readonly LockName<Freezer2628>[] = [
  'cgroup_mutex',
  'css_set_lock',
  'tasklist_lock',
  'alloc_lock',
  'siglock',
];

const elisions: readonly Elision<Freezer2628>[] = [
  ...(earlier as unknown as readonly Elision<Freezer2628>[]),
  {
    id: 'suspend',
    path: 'thaw_tasks',
    between: ['the system was suspended', 'tasklist_lock is taken'],
    leavesOut:
      'the suspend itself, which freezes who is not frozen yet; kernel threads and PF_NOFREEZE',
    locks: ['tasklist_lock', 'alloc_lock', 'siglock'],
  },
  {
    id: 'thaw-wake',
    path: 'thaw_process',
    between: ['task_lock is dropped', 'return'],
    leavesOut: 'the wake-up: a task whose PF_FROZEN is gone runs on',
    locks: [],
  },
];

export const freezerResume: Series<Freezer2628> = series('freezer-resume', {
  about: 'The cgroup freezer of 2.6.28, and a resume of the system',
  era: Freezer2628,
  patches: [
    {
      name: 'freezing-or-frozen',
      subject: 'Freezer: Fix buggy resume test for tasks frozen with cgroup freezer',
      mixin: freezingOrFrozen,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
