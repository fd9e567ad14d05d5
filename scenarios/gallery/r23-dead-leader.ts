// R23: the leader of a process has exited and other threads live. A walk over processes looks for leaders, and before
// c03cd7738a83 an exited one was on no list: the process was not in cgroup.procs any more.
import { nothingLeftHeld, processesAreListed } from '../../properties/index.js';
import type { Kernel612 } from '../../src/kernel/for-3.15/patches/v6.12/index.js';
import { CLONE_THREAD, type Cpu, type task_struct } from '../../src/kernel/for-3.15/task.js';
import { cgroupToday } from '../../src/kernel/for-3.15/today.js';
import type { Patch } from '../../src/kernel/patch.js';
import type { Path } from '../../src/machine/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** cgroup_exit() of v5.1: off the list, and on no other. */
const exitLeavesNoTrace: Patch<Kernel612> = Object.assign(
  ((Base) =>
    class ExitLeavesNoTrace extends Base {
      override *cgroup_exit(cpu: Cpu, task: task_struct): Path {
        yield* cpu.spin_lock_irq(this.css_set_lock);
        const cset = yield* cpu.read(task.cgroups);
        yield* this.css_set_move_task(cpu, task, cset, null, false);
        yield* cpu.fetch_add(cset.nr_tasks, -1);
        yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked: true });
        yield* cpu.spin_unlock_irq(this.css_set_lock);
        yield* this.subsys_exit(cpu, cset, task);
        yield* cpu.emit(this.events.cgroup_exit_done, { task });
      }
    }) satisfies Patch<Kernel612>,
  { label: 'without dying_tasks' },
);

const deadLeader = scenario({
  name: 'dead-leader-vs-procs',
  about: 'A process whose leader has exited is not in cgroup.procs, although a thread of it lives.',
  source: 'c03cd7738a83',
  series: cgroupToday,
  setup: (k) => {
    const F = k.mkdir('/F');
    const leader = k.task('leader', F);
    return { F, leader, thread: k.thread(leader, 'thread') };
  },
  actors: ({ k, F, leader, thread }) => ({
    exit: on(leader, (cpu) => k.do_exit(cpu)),
    *read(cpu) {
      yield* k.cgroup_procs_show(cpu, F);
    },
    fork: on(thread, (cpu) => k.copy_process(cpu, CLONE_THREAD)),
  }),
  properties: ({ k }) => [processesAreListed(k), nothingLeftHeld(k)],
});

export const r23: GalleryEntry = {
  kind: 'race',
  id: 'R23',
  title: 'a process with a dead leader vanishes from cgroup.procs',
  source:
    'c03cd7738a83 "cgroup: Include dying leaders with live threads in PROCS iterations" (v5.2)',
  scenario: deadLeader,
  broken: { upTo: 'base', mutants: [exitLeavesNoTrace as unknown as Patch<object>] },
  fixed: { upTo: 'base' },
  dies: 'I-17',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: 2 },
};
