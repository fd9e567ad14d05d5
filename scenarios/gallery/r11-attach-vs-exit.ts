// R11: attach switches the pointer in one section and moves the list in another. An exit in between has taken the
// task off its list by list_del(), and a poisoned node is not empty.
import { taskInvariants } from '../../properties/index.js';
import { attachHistory } from '../../src/kernel/v2.6.26/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const attachVsListedExit = scenario({
  name: 'attach-vs-listed-exit',
  about: 'A task exits between the two sections of its attach, and is deleted from a list twice.',
  series: attachHistory,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.task('other', F);
    return { F, D, task: k.task('task', F) };
  },
  actors: ({ k, F, D, task }) => ({
    exit: on(task, (cpu) => k.do_exit(cpu)),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, task);
    },
    *cat(cpu) {
      yield* k.pid_array_load(cpu, F);
    },
  }),
  properties: ({ k }) => taskInvariants(k),
});

export const r11: GalleryEntry = {
  kind: 'race',
  id: 'R11',
  title: 'Attach deletes a task from a list that the exit has deleted it from',
  source: 'cgroup_exit(): list_del() in v2.6.34, list_del_init() in v2.6.39 (kernel/cgroup.c)',
  scenario: attachVsListedExit,
  broken: { upTo: 'v2.6.32' },
  fixed: { upTo: 'v2.6.39' },
  dies: 'followed the poison',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: 2 },
};
