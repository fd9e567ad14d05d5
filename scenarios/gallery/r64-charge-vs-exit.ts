// R64: readers follow task->cgroups under rcu_read_lock(). Attach waits for them before it puts the old css_set; an
// exit does not, and the last put frees at once.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const chargeVsExit = scenario({
  name: 'charge-vs-exit',
  about: 'The owner of an mm exits while a page is charged to its cgroup.',
  series: attachHistory,
  setup: (k) => {
    k.before_first_iteration();
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const owner = k.task('owner', F);
    k.share_mm(owner, k.task('sharer'));
    return { F, D, owner };
  },
  actors: ({ k, F, D, owner }) => ({
    exit: on(owner, (cpu) => k.do_exit(cpu)),
    *charge(cpu) {
      yield* k.mem_cgroup_of_owner(cpu, F);
    },
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, owner);
    },
  }),
  properties: ({ k }) => taskInvariants(k),
});

export const r64: GalleryEntry = {
  kind: 'race',
  id: 'R64',
  title: 'A css_set is freed by an exit without a grace period',
  source: 'c378369d8b4f "cgroups: change css_set freeing mechanism to be under RCU", v2.6.32',
  scenario: chargeVsExit,
  broken: { upTo: 'cgroup-from-links' },
  fixed: { upTo: 'v2.6.32' },
  dies: 'use after free',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
