// A fork is charged where its parent is, fails after that, and is uncharged where its parent is by then. What keeps the
// two the same is the threadgroup's read section around every fork, or, before and after that, a pinned css.
import { chargesAddUp, limitHolds, neverNegative } from '../../properties/charges.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import { pidsController } from '../../src/kernel/v4.3/pids-controller.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const pidsCancelElsewhere = scenario({
  name: 'pids-cancel-elsewhere',
  about: 'A task is moved in the middle of a fork that fails, and the wrong cgroup is uncharged.',
  source: 'kernel.md R21',
  series: pidsController,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const parent = k.task('parent', F);
    k.set_sigpending(parent);
    k.task('resident of D', D);
    return { D, parent, other: k.task('other', F) };
  },
  actors: ({ k, D, parent, other }) => ({
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, parent, false);
    },
    'another fork': on(other, (cpu) => k.copy_process(cpu)),
  }),
  properties: ({ k }) => [
    chargesAddUp(k),
    neverNegative(k),
    limitHolds(k, k.pids_events.pids_forced),
    listsAreSound(k),
    nothingLeftHeld(k),
  ],
});

export const r21: GalleryEntry = {
  kind: 'race',
  id: 'R21',
  title: 'a fork that fails is uncharged in another cgroup than it was charged in',
  source:
    'pids_cancel_fork() of v4.4 without c9e75f0492b2, in whose section it looks current up anew; never released so',
  scenario: pidsCancelElsewhere,
  broken: { upTo: 'no-pids-fork', without: ['fork-threadgroup'] },
  fixed: { upTo: 'no-pids-fork' },
  dies: 'I-20',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};
