// R12: attach follows task->cgroups with no lock and no reference. If the task exits, and was the last of its css_set,
// that is freed under it.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario, type Scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** Nobody has read a `tasks` file, so that no list stands in the way; a second task of the destination exits. */
function attachVsLastExit(name: string, about: string): Scenario {
  return scenario({
    name,
    about,
    series: attachHistory,
    setup: (k) => {
      k.before_first_iteration();
      const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
      return { D, task: k.task('task', F), resident: k.task('resident', D) };
    },
    actors: ({ k, D, task, resident }) => ({
      exit: on(task, (cpu) => k.do_exit(cpu)),
      *attach(cpu) {
        yield* k.attach_task_by_pid(cpu, D, task);
      },
      other_exit: on(resident, (cpu) => k.do_exit(cpu)),
    }),
    properties: ({ k }) => taskInvariants(k),
  });
}

export const r12: GalleryEntry = {
  kind: 'race',
  id: 'R12',
  title: 'find_css_set() looks at an old css_set that nobody holds',
  source: '77efecd9e052 "cgroups: call find_css_set() safely in cgroup_attach_task()", v2.6.29',
  scenario: attachVsLastExit(
    'attach-vs-last-exit',
    'The last task of a css_set exits while it is being attached elsewhere.',
  ),
  broken: { upTo: 'v2.6.28' },
  fixed: { upTo: 'v2.6.32' },
  dies: 'use after free',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};

export const r12b: GalleryEntry = {
  kind: 'race',
  id: 'R12b',
  title: 'The fix of R12 leaves the first look: task_cgroup() in attach',
  source: '7717f7ba92de "add a back-pointer from struct cg_cgroup_link to struct cgroup", v2.6.32',
  scenario: attachVsLastExit(
    'attach-looks-vs-last-exit',
    'The last task of a css_set exits while attach asks for its cgroup.',
  ),
  broken: { upTo: 'v2.6.29' },
  fixed: { upTo: 'cgroup-from-links' },
  dies: 'use after free',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
