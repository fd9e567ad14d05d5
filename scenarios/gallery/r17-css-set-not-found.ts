// R17. A move of a process fetches the css_sets first, and looks them up by the css_set that each thread is in when it is
// moved. A thread that exits is in init_css_set, for which nothing was fetched. The fix fetches for those that are exiting by
// then; one that exits later still ends in the BUG_ON() where a second hierarchy makes the difference.
import { noDeadReference, nothingLeftHeld } from '../../properties/references.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, type Scenario, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

function processExits(name: string, about: string): Scenario {
  return scenario({
    name,
    about,
    series: threadgroups,
    setup: (k) => {
      const other = k.hierarchy('other');
      const [F, D, G] = [k.mkdir('/F'), k.mkdir('/D'), k.mkdir('/G', other)];
      return { D, leader: k.task('leader', F, G), bystander: k.task('bystander', F, G) };
    },
    actors: ({ k, D, leader, bystander }) => ({
      exit: on(leader, (cpu) => k.do_exit(cpu)),
      other: on(bystander, (cpu) => k.do_exit(cpu)),
      *attach(cpu) {
        yield* k.cgroup_procs_write(cpu, D, leader);
      },
    }),
    properties: ({ k }) => [noDeadReference(k), nothingLeftHeld(k)],
  });
}

/** What the message says is easy: make a zombie and write its pid. */
export const r17a: RaceEntry = {
  kind: 'race',
  id: 'R17a',
  title: 'The css_set of a zombie was not fetched',
  source: 'e0197aae59e5 "cgroups: fix a css_set not found bug in cgroup_attach_proc"',
  scenario: processExits('css-set-of-zombie', 'A process is moved that is a zombie.'),
  broken: { upTo: 'attach-if-moved' },
  fixed: { upTo: 'live-tasks-only' },
  dies: 'the css_set was not fetched',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: 2 },
};

export const r17b: RaceEntry = {
  kind: 'race',
  id: 'R17b',
  title: 'The css_set of a thread that exits after the fetching was not fetched',
  source:
    'cd3d09527537 "cgroup: always lock threadgroup during migration"; kernel/cgroup.c, v3.0.101',
  scenario: processExits(
    'css-set-not-found',
    'A process exits between the fetching of its css_set and its move.',
  ),
  broken: { upTo: 'prefetch-exiting' },
  fixed: { upTo: 'live-tasks-only' },
  dies: 'the css_set was not fetched',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
