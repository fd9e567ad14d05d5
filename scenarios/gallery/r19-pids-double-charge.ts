// A child is moved between its linking and the fork callbacks: can_attach moves its charge, and then pids_fork() finds
// it elsewhere than its parent was and moves the charge once more.
import { chargesAddUp, limitHolds, neverNegative } from '../../properties/charges.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import { pidsController } from '../../src/kernel/v4.3/pids-controller.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const pidsDoubleCharge = scenario({
  name: 'pids-double-charge',
  about: 'A child is moved while pids_fork() is still to come, and is charged twice where it goes.',
  source: 'kernel.md R19',
  series: pidsController,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.task('resident of D', D);
    return { D, parent: k.task('parent', F), other: k.task('other', F) };
  },
  actors: ({ k, D, parent, other }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *attach(cpu) {
      const pid = yield* k.youngest_process(cpu);
      if (pid !== undefined) yield* k.attach_task_by_pid(cpu, D, pid, false);
    },
    exit: on(other, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k }) => [
    chargesAddUp(k),
    neverNegative(k),
    limitHolds(k, k.pids_events.pids_forced),
    listsAreSound(k),
    nothingLeftHeld(k),
  ],
});

export const r19: GalleryEntry = {
  kind: 'race',
  id: 'R19',
  title: 'the pids controller moves the charge of a child twice',
  source:
    'c9e75f0492b2 "cgroup: pids: fix race between cgroup_post_fork() and cgroup_migrate()"; pids_fork() of v4.3',
  scenario: pidsDoubleCharge,
  broken: { upTo: 'zombies' },
  fixed: { upTo: 'fork-threadgroup' },
  dies: 'I-20',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};
