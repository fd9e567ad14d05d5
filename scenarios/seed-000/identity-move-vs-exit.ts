// R55: one thread of a process is where the whole process is to go, and exits. Since f817de98513d its css_set is
// preloaded as a source, found to be its own destination and dropped, and then nobody holds it as the destination of the
// other thread. Split nodes mend it.
import { allInvariants, destinationsArePinned } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const identityMoveVsExit = scenario({
  name: 'identity-move-vs-exit',
  about: 'A process is moved to where its exiting leader already is, and that css_set goes away.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  cpus: 2,
  setup: (k) => {
    const [F, G] = [k.mkdir('/F'), k.mkdir('/G')];
    const leader = k.task('leader', F);
    k.thread(leader, 'thread', G);
    k.set_exiting(leader);
    return { F, leader };
  },
  actors: ({ k, F, leader }) => ({
    *move(cpu) {
      yield* k.attach_task_by_pid(cpu, F, leader, true);
    },
    exit: on(leader, (cpu) => k.do_exit_from_mm(cpu)),
  }),
  properties: ({ k }) => [...allInvariants(k), destinationsArePinned(k)],
});
