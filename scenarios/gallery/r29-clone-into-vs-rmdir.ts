// R29: with CLONE_INTO_CGROUP a fork can populate a cgroup that its parent is not in. The css_set that it has pinned keeps
// nobody from removing that cgroup, for rmdir asks for tasks; so it has to keep cgroup_mutex until the child is linked.
import { deadStaysEmpty, freedIsUnused, nothingLeftHeld } from '../../properties/index.js';
import type { For315 } from '../../src/kernel/for-3.15/for-3.15.js';
import { cloneIntoCgroup } from '../../src/kernel/v5.7/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const cloneIntoVsRmdir = scenario({
  name: 'clone-into-vs-rmdir',
  about:
    'A cgroup is removed between the look-up of clone3() and the child, which is linked into it.',
  source: 'ef2c41cf38a7',
  series: cloneIntoCgroup,
  setup: (k) => ({
    D: k.mkdir('/D'),
    E: k.mkdir('/E'),
    parent: k.task('parent'),
    manager: k.task('manager'),
  }),
  actors: ({ k, D, E, parent, manager }) => ({
    clone3: on(parent, (cpu) => k.clone3(cpu, k.dir(D))),
    rmdir: on(manager, (cpu) => k.vfs_rmdir(cpu, k.dir(D))),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, E, parent, false);
    },
  }),
  // Not I-26: without cgroup_mutex rmdir may see the count go up before the child points to the css_set.
  properties: ({ k }) => {
    const era = k as unknown as For315;
    return [deadStaysEmpty(era), freedIsUnused(era), nothingLeftHeld(k)];
  },
});

export const r29: GalleryEntry = {
  kind: 'race',
  id: 'R29',
  title: 'CLONE_INTO_CGROUP links a child into a cgroup that was removed',
  source: 'ef2c41cf38a7 "clone3: allow spawning processes into cgroups" (v5.7), without its lock',
  scenario: cloneIntoVsRmdir,
  broken: { upTo: 'base' },
  fixed: { upTo: 'cgroup-mutex' },
  dies: 'I-08',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
