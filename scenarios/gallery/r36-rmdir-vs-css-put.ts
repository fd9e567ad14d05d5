// R36: rmdir meets references on a css. In v2.6.29 it refuses because of one that is gone in a moment; since v2.6.30 it
// waits, and until v2.6.31 it may do so for one that stays.
import { EBUSY, rmdirWaits } from '../../src/kernel/index.js';
import { atEnd, atEvent } from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

const rmdirVsReclaim = scenario({
  name: 'rmdir-vs-reclaim',
  about: 'An unused cgroup cannot be removed, because reclaim looks at it at the moment.',
  source: 'ec64f51545ff cgroup: fix frequent -EBUSY at rmdir (v2.6.30)',
  series: rmdirWaits,
  setup: () => ({}),
  actors: ({ k }) => ({
    *rmdir(cpu) {
      yield* k.cgroup_rmdir(cpu);
    },
    *reclaim(cpu) {
      yield* k.reclaim(cpu);
    },
    *other(cpu) {
      yield* k.reclaim(cpu);
    },
  }),
  properties: ({ k }) => [
    atEvent(k.rmdir_returned, 'I-26 rmdir refuses only a cgroup that is used', ({ ret, used }) =>
      ret === -EBUSY && !used ? 'it has neither task nor child' : true,
    ),
  ],
});

const rmdirVsSwapin = scenario({
  name: 'rmdir-vs-swapin',
  about: 'rmdir sleeps for ever: a page was charged to the cgroup after it had been emptied.',
  source: '887032670d47 cgroup: avoid permanent sleep at rmdir (v2.6.31)',
  series: rmdirWaits,
  setup: () => ({}),
  actors: ({ k }) => ({
    *rmdir(cpu) {
      yield* k.cgroup_rmdir(cpu);
    },
    *swapin(cpu) {
      yield* k.swapin(cpu);
    },
    *reclaim(cpu) {
      yield* k.reclaim(cpu);
    },
  }),
  properties: ({ k }) => [atEnd('I-28 rmdir has come to an end', () => k.flags.peek() === 1)],
});

export const r36Busy: RaceEntry = {
  kind: 'race',
  id: 'R36a',
  title: 'rmdir says -EBUSY because somebody looks at the cgroup at the moment',
  source: 'ec64f51545ff cgroup: fix frequent -EBUSY at rmdir (v2.6.30)',
  scenario: rmdirVsReclaim,
  broken: { upTo: 'base' },
  fixed: { upTo: 'retry' },
  dies: 'I-26',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};

export const r36Sleep: RaceEntry = {
  kind: 'race',
  id: 'R36b',
  title: 'rmdir sleeps for ever, for a reference that stays',
  source: '887032670d47 cgroup: avoid permanent sleep at rmdir (v2.6.31)',
  scenario: rmdirVsSwapin,
  broken: { upTo: 'wait' },
  fixed: { upTo: 'retry' },
  dies: 'deadlock',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};
