// A group is frozen in the middle of a fork: the child has heard that the group is thawed, and is not yet on the list
// that is walked. Who wants to be told first has to be found, and only then to look.
import { frozenIsTrue, nobodyEscapes } from '../../properties/freezer.js';
import { listsAreSound, nothingLeftHeld, referencesAreCounted } from '../../properties/index.js';
import { cgroupFreezer } from '../../src/kernel/for-3.15/freezer/series.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const childEscapesFreezing = scenario({
  name: 'child-escapes-freezing',
  about: 'A child that is forked while its cgroup is frozen runs on.',
  source: 'kernel.md R18',
  series: cgroupFreezer,
  setup: (k) => {
    const F = k.mkdir('/F');
    return { F, parent: k.task('parent', F) };
  },
  actors: ({ k, F, parent }) => ({
    fork: on(parent, function* (cpu) {
      yield* k.copy_process(cpu);
      yield* k.return_to_user(cpu);
    }),
    *freeze(cpu) {
      yield* k.freezer_write(cpu, F, true);
    },
    *read(cpu) {
      yield* k.freezer_read(cpu, F);
    },
  }),
  properties: ({ k }) => [
    nobodyEscapes(k),
    frozenIsTrue(k, k.freezer_state_read),
    referencesAreCounted(k),
    listsAreSound(k),
    nothingLeftHeld(k),
  ],
});

export const r18: GalleryEntry = {
  kind: 'race',
  id: 'R18',
  title: 'a child escapes the freezing of its cgroup',
  source:
    '5edee61edeaa "cgroup: cgroup_subsys->fork() should be called after the task is added to css_set" (v3.8)',
  scenario: childEscapesFreezing,
  broken: { upTo: 'base' },
  fixed: { upTo: 'fork-after-link' },
  dies: 'I-16',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};
