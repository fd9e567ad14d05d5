// rmdir against references on a css, from v2.6.29 to v2.6.31, as a series of its own.
import type { Elision } from '../elision.js';
import { series, type Series } from '../series.js';
import { retry } from './patches/retry.js';
import { wait } from './patches/wait.js';
import { V2629 } from './rmdir.js';

export { V2629 } from './rmdir.js';

const elisions: readonly Elision<V2629>[] = [
  {
    id: 'pre_destroy-lists',
    path: 'pre_destroy',
    between: ['rmdir', 'cgroup_mutex is taken again'],
    leavesOut: 'how pages are found and charged to the parent: each is a count and a reference',
    locks: [],
  },
  {
    id: 'rmdir-children',
    path: 'cgroup_rmdir',
    between: ['cgroup_mutex is taken', 'cgroup_mutex is dropped'],
    leavesOut: 'children, dentries, signals, and controllers beside one',
    locks: [],
  },
];

/** The rung `base` is v2.6.29. */
export const rmdirWaits: Series<V2629> = series('rmdir-waits', {
  about: 'rmdir of cgroups against references on their csses (2009), on v2.6.29',
  era: V2629,
  patches: [
    {
      name: 'wait',
      commit: 'ec64f51545ff',
      subject: 'fix frequent -EBUSY at rmdir',
      mixin: wait,
    },
    {
      name: 'retry',
      commit: '887032670d47',
      subject: 'avoid permanent sleep at rmdir',
      mixin: retry,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks: ['cgroup_mutex'],
});
