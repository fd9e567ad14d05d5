// R16, waiting for the leader. The thread that executes waits until the leader is dead; the leader writes its own pid to
// cgroup.procs and waits for the lock of its process. What the first holds meanwhile, the second must not need: neither
// group_rwsem, which e56fb2874015 drops before it sleeps, nor cred_guard_mutex, which it had in v3.3 to v3.9.
import { nothingLeftHeld } from '../../properties/references.js';
import { threadgroups } from '../../src/kernel/v3.1/threadgroups.js';
import { on, type Scenario, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

function leaderMovesItself(name: string, held: string): Scenario {
  return scenario({
    name,
    about: `The leader moves its process while another thread executes and waits with ${held}.`,
    series: threadgroups,
    setup: (k) => {
      const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
      const leader = k.task('leader', F);
      return { D, leader, thread: k.thread(leader, 'thread') };
    },
    actors: ({ k, D, leader, thread }) => ({
      exec: on(thread, (cpu) => k.do_execve(cpu)),
      leader: on(leader, function* (cpu) {
        yield* k.cgroup_procs_write(cpu, D, leader);
        yield* k.do_exit(cpu);
      }),
      *lookup(cpu) {
        const found = yield* k.find_leader(cpu, leader);
        if (found !== undefined) yield* k.put_task_struct(cpu, found);
      },
    }),
    properties: ({ k }) => [nothingLeftHeld(k)],
  });
}

const source = 'e56fb2874015 "exec: do not abuse ->cred_guard_mutex in threadgroup_lock()"';

export const r16b: RaceEntry = {
  kind: 'race',
  id: 'R16b',
  title: 'de_thread() sleeps until the leader is dead with group_rwsem in hand',
  source: `${source}: why it drops group_rwsem before schedule()`,
  scenario: leaderMovesItself('exec-keeps-group-rwsem', 'group_rwsem in hand'),
  broken: { upTo: 'no-cred-guard', with: ['keeps-group-rwsem'] },
  fixed: { upTo: 'no-cred-guard' },
  dies: 'deadlock',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: 2, states: 3_000_000 },
};

export const r16c: RaceEntry = {
  kind: 'race',
  id: 'R16c',
  title: 'de_thread() waits for a leader that waits for cred_guard_mutex',
  source: `${source}; threadgroup_lock(), include/linux/sched.h, v3.4`,
  scenario: leaderMovesItself('exec-keeps-cred-guard', 'cred_guard_mutex in hand'),
  broken: { upTo: 'lock-verify-retry' },
  fixed: { upTo: 'no-cred-guard' },
  dies: 'deadlock',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: 2, states: 3_000_000 },
};
