// R14. A process is moved while one of its threads executes. The leader was tested, and the walk over the threads
// began at it, under rcu_read_lock(), which keeps de_thread() from nothing: once the leader is deposed and off the
// ring, the walk does not come back to where it began. v3.0 would run into its BUG_ON() then, which is left out here, so that
// the walk is seen as every other while_each_thread() would do it.
import { noDeadReference, nothingLeftHeld } from '../../properties/references.js';
import { threadGroupInvariants } from '../../properties/thread-groups.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

export const deposedLeader = scenario({
  name: 'deposed-leader',
  about: 'A process whose leader is dead is moved while another thread executes.',
  series: threadgroups,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const leader = k.task('leader', F);
    const thread = k.thread(leader, 'thread');
    k.zombie(leader);
    return { D, leader, thread, bystander: k.task('bystander', F) };
  },
  actors: ({ k, D, leader, thread, bystander }) => ({
    other: on(bystander, (cpu) => k.do_exit(cpu)),
    exec: on(thread, (cpu) => k.do_execve(cpu)),
    *attach(cpu) {
      yield* k.cgroup_procs_write(cpu, D, leader);
    },
  }),
  properties: ({ k }) => [...threadGroupInvariants(k), noDeadReference(k), nothingLeftHeld(k)],
});

export const r14: RaceEntry = {
  kind: 'race',
  id: 'R14a',
  title: 'A walk over threads begins at a leader that is deposed by exec and never ends',
  source:
    '33ef6b698440 "cgroups: more safe tasklist locking in cgroup_attach_proc"; kernel/cgroup.c, v3.0.101',
  scenario: deposedLeader,
  broken: { upTo: 'base', with: ['without-size-check'] },
  fixed: { upTo: 'tasklist-lock' },
  dies: 'I-19',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2, states: 3_000_000 },
};
