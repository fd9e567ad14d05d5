// R07: memcg and cpuset look at the first task of a taskset only, and take it for the leader. 0002 moves the targets to
// the head of mg_tasks, so that the first is the last; nothing is moved, and nobody is told.
import { allInvariants } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';
import { movesChargeOf } from './subsystems.js';
import { atEnd } from '../../src/machine/index.js';

export const processMove = scenario({
  name: 'process-move',
  about: 'A process of three threads is moved, and its memory stays charged where it was.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k, m) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const leader = k.task('leader', F);
    const thread = k.thread(leader, 'thread');
    k.thread(leader, 'other thread');
    const charged = m.cell('charged to', F);
    k.subsystem(movesChargeOf(k, leader, charged));
    return { D, leader, thread, charged };
  },
  actors: ({ k, D, leader, thread }) => ({
    *move(cpu) {
      yield* k.attach_task_by_pid(cpu, D, leader, true);
    },
    exit: on(thread, (cpu) => k.do_exit(cpu)),
  }),
  properties: ({ k, D, leader, charged }) => [
    ...allInvariants(k),
    atEnd('the charges follow the owner of the mm', () => {
      const isThere = k.cgroupOf(leader.cgroups.peek(), D) === D;
      return !isThere || charged.peek() === D || `they are in ${charged.peek().label}`;
    }),
  ],
});
