// R16. threadgroup_lock() took cred_guard_mutex inside cgroup_mutex; execve() looks its file up with cred_guard_mutex
// in hand, under i_mutex; a mount takes cgroup_mutex inside i_mutex. One directory closes the cycle: a program is looked
// up in the cgroup file system.
import { nothingLeftHeld } from '../../properties/references.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

export const execMountAttach = scenario({
  name: 'exec-mount-attach',
  about: 'A process executes, and is moved, while a hierarchy is mounted once more.',
  series: threadgroups,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    return { D, process: k.task('process', F) };
  },
  actors: ({ k, D, process }) => ({
    exec: on(process, (cpu) => k.do_execve(cpu, k.root_inode)),
    *mount(cpu) {
      yield* k.cgroup_mount(cpu);
    },
    *attach(cpu) {
      yield* k.cgroup_procs_write(cpu, D, process);
    },
  }),
  properties: ({ k }) => [nothingLeftHeld(k)],
});

export const r16: RaceEntry = {
  kind: 'race',
  id: 'R16a',
  title: 'cred_guard_mutex, i_mutex and cgroup_mutex in a cycle',
  source: 'e56fb2874015 "exec: do not abuse ->cred_guard_mutex in threadgroup_lock()"',
  scenario: execMountAttach,
  broken: { upTo: 'lock-verify-retry' },
  fixed: { upTo: 'no-cred-guard' },
  dies: 'deadlock',
  depth: { threads: 3, preemptions: 2 },
  proof: { preemptions: undefined },
};
