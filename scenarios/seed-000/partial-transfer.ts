// The second bullet of the cover letter: two tasks in two css_sets are to be moved, and half-way an allocation fails, or
// a subsystem refuses. The series promises all or nothing where nobody refuses; refused-transfer asks for more.
import { allOrNothing, nothingLeftHeld } from '../../properties/index.js';
import { EINVAL } from '../../src/kernel/errno.js';
import type { For315 } from '../../src/kernel/for-3.15/for-3.15.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { type Scenario, scenario } from '../scenario.js';

export const partialTransfer = failingTransfer(
  'partial-transfer',
  'An allocation fails while a cgroup is emptied, and some of its tasks have been moved.',
  'weak',
);

export const refusedTransfer = failingTransfer(
  'refused-transfer',
  'A subsystem refuses a task while a cgroup is emptied, and others have been moved.',
  'strict',
);

function failingTransfer(name: string, about: string, form: 'strict' | 'weak'): Scenario {
  return scenario({
    name,
    about,
    source: '000_403586df39c967b4.txt',
    series: taskMigration,
    faults: 1,
    setup: twoSets,
    actors: ({ k, D, F }) => ({
      *transfer(cpu) {
        yield* k.cgroup_transfer_tasks(cpu, D, F);
      },
    }),
    properties: ({ k }) => [allOrNothing(k, form), nothingLeftHeld(k)],
  });
}

/** Two tasks in F, and in different cgroups of a second hierarchy. */
function twoSets(k: For315) {
  k.subsystem({
    name: 'cpuset',
    can_attach: function* (cpu) {
      return (yield* cpu.veto('can_attach')) ? -EINVAL : 0;
    },
  });
  const net = k.hierarchy('net');
  const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
  k.task('p', F, k.mkdir('/a', net));
  k.task('q', F, k.mkdir('/b', net));
  return { D, F };
}
