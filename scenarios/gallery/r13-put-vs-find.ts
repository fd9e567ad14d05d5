// R13: the count of a css_set becomes 0 before it leaves the hash table, so that find_css_set() can still find it and
// take a reference on what is being freed.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const putVsFind = scenario({
  name: 'put-vs-find',
  about: 'The last task of a css_set exits while another task is attached to the same cgroup.',
  series: attachHistory,
  setup: (k) => {
    k.before_first_iteration();
    const D = k.mkdir('/D');
    return { D, last: k.task('last', D), a: k.task('a'), b: k.task('b') };
  },
  actors: ({ k, D, last, a, b }) => ({
    exit: on(last, (cpu) => k.do_exit(cpu)),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, a);
    },
    fork: on(b, (cpu) => k.copy_process(cpu)),
  }),
  properties: ({ k }) => taskInvariants(k),
});

export const r13: GalleryEntry = {
  kind: 'race',
  id: 'R13',
  title: 'find_css_set() brings a css_set back whose last reference was put',
  source:
    '146aa1bd0511 "cgroups: fix probable race with put_css_set[_taskexit] and find_css_set", v2.6.28',
  scenario: putVsFind,
  broken: { upTo: 'base' },
  fixed: { upTo: 'v2.6.28' },
  dies: 'kref_get() of a css_set whose last reference was put',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
