// v6.12 as an era of its own, for races that have nothing to do with the series of 2014: the same classes as the rung of
// task-migration, and what came after it.
import type { Elision } from '../elision.js';
import type { KernelClass } from '../patch.js';
import { series, type Series } from '../series.js';
import { killSeq } from './patches/kill-seq.js';
import { skipMigrating } from './patches/skip-migrating.js';
import type { Kernel612 } from './patches/v6.12/index.js';
import { taskMigration } from './task-migration.js';

const rung = taskMigration.compose({ upTo: 'v6.12' });

export const cgroupToday: Series<Kernel612> = series('cgroup-v6.12', {
  about: 'Fork, exit and migration of v6.12, and fixes since',
  era: rung.Kernel as KernelClass<Kernel612>,
  patches: [
    {
      name: 'kill-seq',
      commit: 'b69bb476dee9',
      subject: 'fix race between fork and cgroup.kill',
      mixin: killSeq,
    },
    {
      name: 'skip-migrating',
      commit: '5ee01f1a7343',
      subject: 'fix race between task migration and iteration',
      mixin: skipMigrating,
    },
  ],
  rungs: { base: [] },
  elisions: rung.elisions as unknown as readonly Elision<Kernel612>[],
  locks: taskMigration.locks,
});
