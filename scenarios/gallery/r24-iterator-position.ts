// R24: a walk over the tasks of a cgroup stands on a task while it holds no lock, and that task goes away. Whoever takes a
// task off its list has to push such walks on (b636fd38dc40), and a walk that was pushed has to be advanced before it is
// used: it may stand on the head of a list (cee0c33c546a).
import { listsAreSound, nothingLeftHeld, walkMeetsEverybody } from '../../properties/index.js';
import type { css_set } from '../../src/kernel/for-3.15/css-set.js';
import type { css_task_iter } from '../../src/kernel/for-3.15/iter.js';
import type { Kernel612 } from '../../src/kernel/for-3.15/patches/v6.12/index.js';
import type { Cpu, task_struct } from '../../src/kernel/for-3.15/task.js';
import { cgroupToday } from '../../src/kernel/for-3.15/today.js';
import type { Patch } from '../../src/kernel/patch.js';
import type { Path } from '../../src/machine/index.js';
import { on, type Scenario, scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

const nobodyIsPushed: Patch<Kernel612> = Object.assign(
  ((Base) =>
    class NobodyIsPushed extends Base {
      override *css_set_skip_task_iters(_cpu: Cpu, _cset: css_set, _task: task_struct): Path {}
    }) satisfies Patch<Kernel612>,
  { label: 'without css_set_skip_task_iters()' },
);

/** css_task_iter_next() as b636fd38dc40 left it: what it was pushed to is taken for the next task. */
const pushedIsNotAdvanced: Patch<Kernel612> = Object.assign(
  ((Base) =>
    class PushedIsNotAdvanced extends Base {
      override *css_task_iter_next(
        cpu: Cpu,
        walk: css_task_iter,
      ): Path<readonly [task: task_struct | undefined, it: css_task_iter]> {
        const { it } = this.stack(cpu.thread);
        const last = yield* cpu.read(it.cur_task);
        if (last !== null) {
          yield* this.put_task_struct(cpu, last);
          yield* cpu.write(it.cur_task, null);
        }
        let task: task_struct | undefined;
        const irqflags = yield* cpu.spin_lock_irqsave(this.css_set_lock);
        const pos = yield* cpu.read(it.task_pos);
        if (pos !== null) {
          yield* cpu.BUG_ON(pos.container === undefined, 'the head of a list is taken for a task');
          task = pos.container as task_struct;
          yield* cpu.write(it.cur_task, task);
          yield* this.get_task_struct(cpu, task);
          yield* this.css_task_iter_advance(cpu, it);
        }
        yield* cpu.spin_unlock_irqrestore(this.css_set_lock, irqflags);
        return Object.freeze([task, walk] as const);
      }
    }) satisfies Patch<Kernel612>,
  { label: 'css_task_iter_next() without the advance' },
);

const walkVsExit = (name: string, about: string): Scenario =>
  scenario({
    name,
    about,
    source: 'b636fd38dc40',
    series: cgroupToday,
    setup: (k) => {
      const F = k.mkdir('/F');
      return { F, task: k.task('task', F) };
    },
    actors: ({ k, F, task }) => ({
      *read(cpu) {
        yield* k.pidlist_array_load(cpu, F);
      },
      exit: on(task, (cpu) => k.do_exit(cpu)),
      *read2(cpu) {
        yield* k.pidlist_array_load(cpu, F);
      },
    }),
    properties: ({ k }) => [walkMeetsEverybody(k), listsAreSound(k), nothingLeftHeld(k)],
  });

export const r24: readonly GalleryEntry[] = [
  {
    kind: 'race',
    id: 'R24',
    title: 'a walk over tasks stands on one that is freed',
    source: 'kernel/cgroup/cgroup.c, v6.12, css_set_skip_task_iters(); b636fd38dc40 (v5.2)',
    scenario: walkVsExit('walk-vs-exit', 'A walk stands on a task that exits and is freed.'),
    broken: { upTo: 'base', mutants: [nobodyIsPushed as unknown as Patch<object>] },
    fixed: { upTo: 'base' },
    dies: 'use after free',
    // The RCU callback that frees the task is a thread here.
    depth: { threads: 3, preemptions: 1 },
    proof: { preemptions: 2 },
  },
  {
    kind: 'race',
    id: 'R24b',
    title: 'a walk that was pushed on takes the head of a list for a task',
    source:
      'cee0c33c546a "cgroup: css_task_iter_skip()\'d iterators must be advanced before accessed" (v5.2)',
    scenario: walkVsExit(
      'pushed-walk-vs-exit',
      'The last task exits under a walk, which then stands on the head of the list.',
    ),
    broken: { upTo: 'base', mutants: [pushedIsNotAdvanced as unknown as Patch<object>] },
    fixed: { upTo: 'base' },
    dies: 'the head of a list',
    depth: { threads: 2, preemptions: 1 },
    proof: { preemptions: 2 },
  },
];
