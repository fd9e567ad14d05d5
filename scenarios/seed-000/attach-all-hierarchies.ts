// A kernel thread joins the cgroups of the process that it works for, in every hierarchy, as vhost does. The series
// leaves this alone: it stops at the first hierarchy that fails, and is left in the others that it has come to.
import { allOrNothing, nothingLeftHeld } from '../../properties/index.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

export const attachAllHierarchies = scenario({
  name: 'attach-all-hierarchies',
  about: 'An allocation fails while a kernel thread joins the cgroups of its owner one by one.',
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  faults: 1,
  setup: (k) => {
    const [net, blkio] = [k.hierarchy('net'), k.hierarchy('blkio')];
    const owner = k.task('owner', k.mkdir('/F'), k.mkdir('/G', net), k.mkdir('/H', blkio));
    return { owner, worker: k.task('worker') };
  },
  actors: ({ k, owner, worker }) => ({
    worker: on(worker, (cpu) => k.cgroup_attach_task_all(cpu, owner, worker)),
  }),
  properties: ({ k }) => [allOrNothing(k, 'strict'), nothingLeftHeld(k)],
});
