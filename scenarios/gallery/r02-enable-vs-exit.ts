// R02: the test of PF_EXITING may be stale when the task is linked, for the flag is set under no lock that the
// enabling holds. Yet between the flag and its unlinking every exit takes the very task_lock that the enabling holds.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario, type Scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** One thread of a process exits while lists are enabled; another process forks meanwhile. */
function enableVsThread(name: string, about: string): Scenario {
  return scenario({
    name,
    about,
    series: attachHistory,
    setup: (k) => {
      k.before_first_iteration();
      const leader = k.task('leader');
      return { top: k.tops[0], leader, thread: k.thread(leader, 'thread') };
    },
    actors: ({ k, top, leader, thread }) => ({
      exit: on(thread, (cpu) => k.do_exit(cpu)),
      *cat(cpu) {
        if (top !== undefined) yield* k.pid_array_load(cpu, top);
      },
      fork: on(leader, (cpu) => k.copy_process(cpu)),
    }),
    properties: ({ k }) => taskInvariants(k),
  });
}

export const r02: GalleryEntry = {
  kind: 'forbidden',
  id: 'R02',
  title: 'The enabling of lists links a task whose PF_EXITING it has not seen yet',
  source: '532de3fc72ad "cgroup: update cgroup_enable_task_cg_lists() to grab siglock", v3.14',
  scenario: enableVsThread(
    'enable-vs-thread-exit',
    'A thread exits while the first reader of a tasks file links everybody.',
  ),
  clear: { upTo: 'base' },
  forbiddenBy:
    'task_lock: exit_mm(), exit_files() and exit_fs() each take it between PF_EXITING and cgroup_exit(), and the ' +
    'enabling holds it from its test to its link; every task has files and fs, kernel threads too',
  proof: { preemptions: 2 },
};

export const r02b: GalleryEntry = {
  kind: 'race',
  id: 'R02b',
  title: 'The same, for a task that has no mm, files and fs',
  source: '532de3fc72ad; a model that leaves those three sections out finds it',
  scenario: enableVsThread(
    'enable-vs-bare-thread-exit',
    'A thread without mm, files and fs exits while the first reader of a tasks file links everybody.',
  ),
  broken: { upTo: 'walk-tasklist', elide: ['exit_mm', 'exit_files', 'exit_fs'] },
  fixed: { upTo: 'siglock', elide: ['exit_mm', 'exit_files', 'exit_fs'] },
  dies: 'I-03',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
