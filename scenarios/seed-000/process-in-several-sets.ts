// A process whose threads are in different css_sets is moved as a whole. That was all or nothing before the series, too:
// every css_set is found before the first thread is moved.
import { allOrNothing, nothingLeftHeld } from '../../properties/index.js';
import { EINVAL } from '../../src/kernel/errno.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const processInSeveralSets = scenario({
  name: 'process-in-several-sets',
  about: 'An allocation fails, or a subsystem refuses, while a process in three css_sets is moved.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  faults: 1,
  setup: (k) => {
    k.subsystem({
      name: 'cpuset',
      can_attach: function* (cpu) {
        return (yield* cpu.veto('can_attach')) ? -EINVAL : 0;
      },
    });
    const net = k.hierarchy('net');
    const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
    const leader = k.task('leader', F);
    k.thread(leader, 't1', F, k.mkdir('/a', net));
    k.thread(leader, 't2', F, k.mkdir('/b', net));
    return { D, leader };
  },
  actors: ({ k, D, leader }) => ({
    attach: on(leader, (cpu) => k.attach_task_by_pid(cpu, D, leader, true)),
  }),
  properties: ({ k }) => [allOrNothing(k, 'strict'), nothingLeftHeld(k)],
});
