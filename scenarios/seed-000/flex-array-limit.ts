// The first bullet of the cover letter: the array of targets has a limit. It follows from the size of a page, so with
// small pages it is reached by a small process; with pages of 4096 bytes it is 86,530 threads.
import { moveSucceeds, nothingLeftHeld } from '../../properties/index.js';
import { FlexArrayLayout, TASK_AND_CGROUP_SIZE } from '../../src/kernel/for-3.15/flex-array.js';
import { taskMigration } from '../../src/kernel/for-3.15/task-migration.js';
import { on, scenario } from '../scenario.js';

const pageSize = 64;
const { max } = new FlexArrayLayout(TASK_AND_CGROUP_SIZE, pageSize);

export const flexArrayLimit = scenario({
  name: 'flex-array-limit',
  about: `A process of ${max + 1} threads is moved where pages are of ${pageSize} bytes.`,
  source: '000_403586df39c967b4.txt',
  series: taskMigration,
  setup: (k) => {
    k.set_page_size(pageSize);
    const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
    const leader = k.task('leader', F);
    for (let t = 1; t <= max; t++) k.thread(leader, `t${t}`);
    return { D, leader };
  },
  actors: ({ k, D, leader }) => ({
    attach: on(leader, (cpu) => k.attach_task_by_pid(cpu, D, leader, true)),
  }),
  properties: ({ k }) => [moveSucceeds(k), nothingLeftHeld(k)],
});
