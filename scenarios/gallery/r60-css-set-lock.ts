// R60. An exited task keeps its css_set until its last reference goes, and that may be in an interrupt: its deadline timer
// puts the task. css_set_lock kept softirqs off only (a). With interrupts off, what is taken inside it may not be held
// with interrupts on elsewhere: tasklist_lock is (b).
import { nothingLeftHeld } from '../../properties/references.js';
import { cssSetLock } from '../../src/kernel/v4.4/css-set-lock.js';
import { at, hardirq, on, type Scenario, scenario } from '../scenario.js';
import type { RaceEntry } from './entry.js';

function timerPutsTask(name: string, about: string): Scenario {
  return scenario({
    name,
    about,
    series: cssSetLock,
    machine: { rwlock: 'queued' },
    setup: (k) => {
      const cset = k.css_set('cset_F');
      return { parent: k.task('parent'), dead: k.dead_task('dead', cset) };
    },
    actors: ({ k, parent, dead }) => ({
      read: at(0, (cpu) => k.count_tasks(cpu, k.init_css_set)),
      fork: at(
        1,
        on(parent, (cpu) => k.copy_process(cpu)),
      ),
      timer: hardirq(0, (cpu) => k.dl_task_timer(cpu, dead)),
    }),
    properties: ({ k }) => [nothingLeftHeld(k)],
  });
}

/** How it was seen in 2016. */
export const r60w: RaceEntry = {
  kind: 'race',
  id: 'R60a1',
  title: 'A hard interrupt turns softirqs on again when it drops css_set_lock',
  source:
    '82d6489d0fed "cgroup: Disable IRQs while holding css_set_lock", the warning that it quotes',
  scenario: timerPutsTask(
    'timer-enables-softirqs',
    'A timer puts the last reference on a css_set and leaves a section of spin_lock_bh().',
  ),
  broken: { upTo: 'base' },
  fixed: { upTo: 'irqs-off' },
  dies: 'local_bh_enable() with interrupts masked',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: undefined },
};

export const r60a: RaceEntry = {
  kind: 'race',
  id: 'R60a2',
  title: 'A hard interrupt waits for css_set_lock, which the thread that it came into holds',
  source:
    '82d6489d0fed "cgroup: Disable IRQs while holding css_set_lock"; what is left where only put_css_set() does',
  scenario: timerPutsTask(
    'timer-puts-task',
    'A tasks file is read on the CPU where a timer puts the last reference on a css_set.',
  ),
  broken: { upTo: 'base', with: ['put-irqsave'] },
  fixed: { upTo: 'irqs-off' },
  dies: 'deadlock',
  depth: { threads: 2, preemptions: 1 },
  proof: { preemptions: undefined },
};

export const tasklistInside = scenario({
  name: 'tasklist-inside-css-set-lock',
  about: 'The first mount takes tasklist_lock inside css_set_lock, while a fork waits for it.',
  series: cssSetLock,
  machine: { rwlock: 'queued' },
  setup: (k) => {
    k.before_first_mount();
    const cset = k.css_set('cset_F');
    return { parent: k.task('parent'), dead: k.dead_task('dead', cset) };
  },
  actors: ({ k, parent, dead }) => ({
    wait: at(0, (cpu) => k.do_wait(cpu)),
    *mount(cpu) {
      yield* k.cgroup_enable_task_cg_lists(cpu);
    },
    fork: on(parent, (cpu) => k.copy_process(cpu)),
    timer: hardirq(0, (cpu) => k.dl_task_timer(cpu, dead)),
  }),
  properties: ({ k }) => [nothingLeftHeld(k)],
});

export const r60b: RaceEntry = {
  kind: 'race',
  id: 'R60b',
  title: 'tasklist_lock, held with interrupts on, is taken inside css_set_lock',
  source: 'd8742e22902a "cgroup: css_set_lock should nest inside tasklist_lock"',
  scenario: tasklistInside,
  broken: { upTo: 'irqs-off' },
  fixed: { upTo: 'tasklist-outside' },
  dies: 'deadlock',
  depth: { threads: 4, preemptions: 2 },
  proof: { preemptions: undefined },
};
