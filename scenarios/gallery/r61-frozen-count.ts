// A group of cgroup v2 is frozen when it counts as many frozen tasks as it has tasks. A frozen task that is moved has to
// be counted anew on both sides, or the source never thaws, or is never frozen, in the eyes of those who read it.
import { frozenTasksAreCounted } from '../../properties/freezer.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import { freezerV2 } from '../../src/kernel/v6.12-freezer/series.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const frozenCount = scenario({
  name: 'frozen-count',
  about: 'A frozen task is moved to a cgroup that is being frozen.',
  source: 'kernel.md R61',
  series: freezerV2,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const [moved, stopping] = [k.task('moved', F), k.task('stopping', F)];
    k.set_freeze(F, moved);
    return { D, moved, stopping };
  },
  actors: ({ k, D, moved, stopping }) => ({
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, moved, false);
    },
    stop: on(stopping, (cpu) => k.cgroup_enter_frozen(cpu)),
    *freeze(cpu) {
      yield* k.cgroup_do_freeze(cpu, D);
    },
  }),
  properties: ({ k }) => [frozenTasksAreCounted(k), listsAreSound(k), nothingLeftHeld(k)],
});

export const r61: GalleryEntry = {
  kind: 'race',
  id: 'R61',
  title: 'a frozen task is moved, and only one of two groups counts anew',
  source:
    'cgroup_freezer_migrate_task() of v6.12 is right; the broken form is a mutant of it that was never released',
  scenario: frozenCount,
  broken: { upTo: 'one-side-only' },
  fixed: { upTo: 'base' },
  dies: 'I-16c',
  depth: { threads: 1, preemptions: 0 },
  proof: { preemptions: undefined },
};
