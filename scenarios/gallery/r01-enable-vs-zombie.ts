// R01: the first reader of a `tasks` file puts every task on the list of its css_set, and meets one that has exited
// already. Nobody will ever take that one off again.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** The leader of a process exits before its last thread, so that it stays on the tasklist as a zombie. */
const enableVsZombie = scenario({
  name: 'enable-vs-zombie',
  about: 'The first reader of a tasks file links a task that has exited.',
  series: attachHistory,
  setup: (k) => {
    k.before_first_iteration();
    const leader = k.task('leader');
    return { top: k.tops[0], leader, thread: k.thread(leader, 'thread') };
  },
  actors: ({ k, top, leader, thread }) => ({
    exit: on(leader, (cpu) => k.do_exit(cpu)),
    *cat(cpu) {
      if (top !== undefined) yield* k.pid_array_load(cpu, top);
    },
    last_exit: on(thread, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k }) => taskInvariants(k),
});

export const r01: GalleryEntry = {
  kind: 'race',
  id: 'R01',
  title: 'The enabling of lists links a task that has exited',
  source: '0e04388f0189 "cgroup: fix a race condition in manipulating tsk->cg_list", v2.6.26',
  scenario: enableVsZombie,
  broken: { upTo: 'v2.6.25' },
  fixed: { upTo: 'base' },
  dies: 'I-03',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: undefined },
};
