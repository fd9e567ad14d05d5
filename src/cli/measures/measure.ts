// What a move costs on one rung, counted from the trace of one execution in which nobody else runs: steps under the lock
// of the css_sets, in sections for writing and for reading, and allocations.
import { programOf, on, scenario, type Scenario } from '../../../scenarios/index.js';
import { replay } from '../../../scheduler/index.js';
import { taskMigration } from '../../kernel/index.js';
import { type StepEntry, stepsOf } from '../../trace/trace.js';

export type Move = 'process' | 'transfer';

export interface Cost {
  /** Steps while the lock was held for writing, its acquisition not counted, its release counted. */
  readonly write: number;
  readonly read: number;
  /** The most of them in one section. */
  readonly longest: number;
  /** Allocations to keep track of targets, and all others: css_sets and their links, the heap of a scan. */
  readonly forTargets: number;
  readonly forSets: number;
}

/** A process of so many threads is moved, or a cgroup of so many processes is emptied; all are in one css_set. */
function moving(move: Move, tasks: number): Scenario {
  return scenario({
    name: `${move} of ${tasks}`,
    about: 'Nobody else runs.',
    series: taskMigration,
    // None fails: where one could, an allocation is a step.
    faults: 1,
    setup: (k) => {
      const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
      const first = k.task('p0', F);
      for (let n = 1; n < tasks; n++) {
        if (move === 'process') k.thread(first, `t${n}`);
        else k.task(`p${n}`, F);
      }
      return { D, F, first, mover: k.task('mover') };
    },
    actors: ({ k, D, F, first, mover }) => ({
      move: on(mover, function* (cpu) {
        if (move === 'process') yield* k.attach_task_by_pid(cpu, D, first, true);
        else yield* k.cgroup_transfer_tasks(cpu, D, F);
      }),
    }),
  });
}

const ofSets = /css_set_rwsem|css_set_lock/;

export function costOf(upTo: string, move: Move, tasks: number): Cost {
  const { trace } = replay(programOf(moving(move, tasks), { upTo }), []);
  const counts = { write: 0, read: 0, longest: 0, forTargets: 0, forSets: 0 };
  let section: { readonly mode: 'read' | 'write'; steps: number } | undefined;
  for (const step of stepsOf(trace)) {
    if (step.operation === 'kmalloc') {
      if (step.text.includes('flex_array')) counts.forTargets++;
      else counts.forSets++;
    }
    if (section !== undefined) {
      counts[section.mode]++;
      counts.longest = Math.max(counts.longest, ++section.steps);
    }
    const holds = step.locks.some((lock) => ofSets.test(lock));
    if (!holds) section = undefined;
    else section ??= { mode: modeOf(step), steps: 0 };
  }
  return counts;
}

function modeOf({ operation }: StepEntry): 'read' | 'write' {
  return operation.includes('read') ? 'read' : 'write';
}
