// R14, its second face. The array is made for nr_threads threads, and "nr_threads may decrease": a thread that exits
// decreases it before it leaves the ring, so that a walk under rcu_read_lock() may still meet more than were counted.
import { noDeadReference, nothingLeftHeld } from '../../properties/references.js';
import { threadGroupInvariants } from '../../properties/thread-groups.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

export const dyingThread = scenario({
  name: 'dying-thread',
  about:
    'A process is moved while a thread of it exits, and that is met that is not counted any more.',
  series: threadgroups,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const leader = k.task('leader', F);
    const thread = k.thread(leader, 'thread');
    return { D, leader, thread, bystander: k.task('bystander', F) };
  },
  actors: ({ k, D, leader, thread, bystander }) => ({
    exit: on(thread, (cpu) => k.do_exit(cpu)),
    other: on(bystander, (cpu) => k.do_exit(cpu)),
    *attach(cpu) {
      yield* k.cgroup_procs_write(cpu, D, leader);
    },
  }),
  properties: ({ k }) => [...threadGroupInvariants(k), noDeadReference(k), nothingLeftHeld(k)],
});

export const r14b: RaceEntry = {
  kind: 'race',
  id: 'R14b',
  title: 'A walk over threads meets one that has been counted out and is still on the ring',
  source:
    '33ef6b698440 "cgroups: more safe tasklist locking in cgroup_attach_proc"; __exit_signal(), kernel/exit.c, v3.1',
  scenario: dyingThread,
  broken: { upTo: 'base' },
  fixed: { upTo: 'tasklist-lock' },
  dies: 'i >= group_size',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
