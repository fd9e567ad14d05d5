// A group goes from FREEZING to FROZEN only when somebody reads its state. A resume asks for FROZEN alone, and thaws the
// tasks of a group that was frozen and never looked at.
import { nobodyEscapes } from '../../properties/freezer.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import { freezerResume } from '../../src/kernel/v2.6.28/series.js';
import { scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const thawedAtResume = scenario({
  name: 'thawed-at-resume',
  about: 'The tasks of a frozen cgroup run on after the system was suspended and resumed.',
  source: 'kernel.md R57',
  series: freezerResume,
  setup: (k) => {
    const [F, G] = [k.mkdir('/F'), k.mkdir('/G')];
    k.task('frozen', F);
    k.task('free', G);
    k.set_frozen_unread(F);
    return { F };
  },
  actors: ({ k, F }) => ({
    *resume(cpu) {
      yield* k.thaw_tasks(cpu);
    },
    *read(cpu) {
      yield* k.freezer_read(cpu, F);
    },
    *freeze(cpu) {
      yield* k.freezer_freeze(cpu, F);
    },
  }),
  properties: ({ k }) => [nobodyEscapes(k), listsAreSound(k), nothingLeftHeld(k)],
});

export const r57: GalleryEntry = {
  kind: 'race',
  id: 'R57',
  title: 'a resume thaws the tasks of a frozen cgroup',
  source:
    'thaw_tasks() and cgroup_frozen() of 2.6.28; fixed in 2010 by "Freezer: Fix buggy resume test for tasks frozen with cgroup freezer"',
  scenario: thawedAtResume,
  broken: { upTo: 'base' },
  fixed: { upTo: 'freezing-or-frozen' },
  dies: 'I-16',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: undefined },
};
