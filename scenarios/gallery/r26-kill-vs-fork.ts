// R26: cgroup.kill marks the cgroup, sends SIGKILL to everybody on its lists and takes the mark away again. A child that was
// past the test for signals and not linked yet saw neither. The counter that took the place of the mark sees that fork, but
// not one that begins after it went up and ends before its parent gets the signal.
import { killLeavesNobody, nothingLeftHeld } from '../../properties/index.js';
import type { cgroup } from '../../src/kernel/for-3.15/css-set.js';
import type { Kernel612 } from '../../src/kernel/for-3.15/patches/v6.12/index.js';
import type { Cpu } from '../../src/kernel/for-3.15/task.js';
import { cgroupToday } from '../../src/kernel/for-3.15/today.js';
import type { Patch } from '../../src/kernel/patch.js';
import type { Composition } from '../../src/kernel/series.js';
import type { Path } from '../../src/machine/index.js';
import { on, type Scenario, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** The other way that the message of b69bb476dee9 names: no fork is half done while a kill goes round. */
const killHoldsForksOff: Patch<Kernel612> = Object.assign(
  ((Base) =>
    class KillHoldsForksOff extends Base {
      override *cgroup_kill_write(cpu: Cpu, cgrp: cgroup): Path {
        yield* cpu.mutex_lock(this.cgroup_mutex);
        yield* cpu.percpu_down_write(this.cgroup_threadgroup_rwsem);
        yield* this.__cgroup_kill(cpu, cgrp);
        yield* cpu.percpu_up_write(this.cgroup_threadgroup_rwsem);
        yield* cpu.mutex_unlock(this.cgroup_mutex);
      }
    }) satisfies Patch<Kernel612>,
  { label: 'cgroup.kill takes cgroup_threadgroup_rwsem' },
);

const killVsFork = (name: string, about: string): Scenario =>
  scenario({
    name,
    about,
    source: 'b69bb476dee9',
    series: cgroupToday,
    setup: (k) => {
      const F = k.mkdir('/F');
      return { F, other: k.task('other', F), parent: k.task('parent', F) };
    },
    actors: ({ k, F, parent, other }) => ({
      *kill(cpu) {
        yield* k.cgroup_kill_write(cpu, F);
      },
      fork: on(parent, (cpu) => k.copy_process(cpu)),
      exit: on(other, (cpu) => k.do_exit(cpu)),
    }),
    properties: ({ k }) => [killLeavesNobody(k), nothingLeftHeld(k)],
  });

const withoutForks = (upTo: string): Composition<object> => ({
  upTo,
  mutants: [killHoldsForksOff as unknown as Patch<object>],
});

export const r26: readonly GalleryEntry[] = [
  {
    kind: 'race',
    id: 'R26',
    title: 'cgroup.kill misses a child that is being forked',
    source: 'b69bb476dee9 "cgroup: fix race between fork and cgroup.kill" (v6.14)',
    scenario: killVsFork(
      'kill-vs-fork',
      'A child that is past the test for signals, and not linked yet, outlives the kill of its cgroup.',
    ),
    broken: { upTo: 'base' },
    fixed: withoutForks('base'),
    dies: 'I-16',
    depth: { threads: 2, preemptions: 1 },
    proof: { preemptions: 2 },
  },
  {
    kind: 'race',
    id: 'R26b',
    title: 'cgroup.kill misses a child that is forked while it goes round',
    source:
      'kernel/cgroup/cgroup.c with b69bb476dee9, __cgroup_kill() against cgroup_css_set_fork()',
    scenario: killVsFork(
      'kill-seq-vs-fork',
      'A fork begins after the counter went up and ends before its parent gets the signal: its child lives.',
    ),
    broken: { upTo: 'kill-seq' },
    fixed: withoutForks('kill-seq'),
    dies: 'I-16',
    depth: { threads: 2, preemptions: 1 },
    proof: { preemptions: 2 },
  },
];
