// R15. Nothing kept the threads of a process from exiting while it was moved: can_attach_task() is asked for a thread,
// and attach_task() is called for it after its exit(), or, since v3.2, never.
import { noDeadReference, nothingLeftHeld } from '../../properties/references.js';
import { threadGroupInvariants } from '../../properties/thread-groups.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';
import { threadController } from './thread-controller.js';

export const exitDuringMove = scenario({
  name: 'exit-during-move',
  about: 'A thread exits while its process is moved, and the controller hears of it out of turn.',
  series: threadgroups,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.subsystem(threadController);
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

export const r15: RaceEntry = {
  kind: 'race',
  id: 'R15',
  title: 'A thread exits between can_attach and attach',
  source:
    '77e4ef99d1c5 "threadgroup: extend threadgroup_lock() to cover exit and exec", with cd3d09527537',
  scenario: exitDuringMove,
  broken: { upTo: 'prefetch-exiting' },
  fixed: { upTo: 'live-tasks-only' },
  dies: 'I-13',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
