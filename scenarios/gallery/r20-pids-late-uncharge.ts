// fork, wait, fork again: the pid of the first child is free when wait() returns, its charge only when the memory of
// the task is, a grace period later. With a limit of two the second fork fails for no reason that anybody can see.
import { chargesAddUp, neverNegative, refusedOnlyIfFull } from '../../properties/charges.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import type { Pids } from '../../src/kernel/v4.3/pids.js';
import { pidsController } from '../../src/kernel/v4.3/pids-controller.js';
import type { Cpu, task_struct } from '../../src/kernel/for-3.15/task.js';
import type { Path } from '../../src/machine/index.js';
import { on, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** `while ($p = fork) { wait }` of the commit's message, twice; the last child is left alone. */
function* forkAndWait(cpu: Cpu, k: Pids): Path<number> {
  const child = yield* k.copy_process(cpu);
  if (typeof child === 'number') return child;
  yield* cpu.spawn('child', (own: Cpu) => k.do_exit(own), child);
  yield* k.wait_for_child(cpu, child);
  const second: task_struct | number = yield* k.copy_process(cpu);
  return typeof second === 'number' ? second : 0;
}

const pidsLateUncharge = scenario({
  name: 'pids-late-uncharge',
  about: 'A process that waits for each child before the next is refused by pids.max.',
  source: 'kernel.md R20',
  series: pidsController,
  setup: (k) => {
    const [F, G] = [k.mkdir('/F'), k.mkdir('/F/G')];
    k.set_pids_max(G, 2);
    const parent = k.task('parent', G);
    return { G, parent, other: k.task('other', F) };
  },
  actors: ({ k, G, parent, other }) => ({
    'fork-and-wait': on(parent, (cpu) => forkAndWait(cpu, k)),
    exit: on(other, (cpu) => k.do_exit(cpu)),
    *raise(cpu) {
      yield* k.pids_max_write(cpu, G, 3);
    },
  }),
  properties: ({ k }) => [
    refusedOnlyIfFull(k, {
      released: k.events.task_released,
      uncharged: k.pids_events.pids_uncharged,
      refused: k.pids_events.pids_refused,
    }),
    chargesAddUp(k),
    neverNegative(k),
    listsAreSound(k),
    nothingLeftHeld(k),
  ],
});

export const r20: GalleryEntry = {
  kind: 'race',
  id: 'R20',
  title: 'a charge of the pids controller outlives the pid',
  source:
    '51bee5abeab2 "cgroup/pids: turn cgroup_subsys->free() into cgroup_subsys->release() to fix the accounting"',
  scenario: pidsLateUncharge,
  broken: { upTo: 'no-pids-fork' },
  fixed: { upTo: 'release' },
  dies: 'I-23',
  depth: { threads: 2, preemptions: 0 },
  proof: { preemptions: 2 },
};
