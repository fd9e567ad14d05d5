// R58: a task whose tracer has gone says that it runs again, and looks whether it is to freeze; the freezer says that
// it is to freeze, and looks whether the task is stopped. Only the order of memory lets both read the old value.
import { nobodyEscapes, nobodyRunsWhereFrozen } from '../../properties/freezer.js';
import { listsAreSound, nothingLeftHeld } from '../../properties/index.js';
import { stoppedTasks } from '../../src/kernel/v3.7/series.js';
import { on, scenario, type Scenario } from '../scenario.js';
import type { GalleryEntry } from './entry.js';

/** The tracee has seen that it is traced, and is about to stop. */
function tracedEscapes(name: string, about: string): Scenario {
  return scenario({
    name,
    about,
    source: 'kernel.md R58',
    series: stoppedTasks,
    machine: { memory: 'tso' },
    setup: (k) => {
      const F = k.mkdir('/F');
      const tracee = k.task('tracee', F);
      k.set_traced(tracee);
      return { F, tracee };
    },
    actors: ({ k, F, tracee }) => ({
      stop: on(tracee, (cpu) => k.ptrace_notify(cpu)),
      *detach(cpu) {
        yield* k.ptrace_detach(cpu, tracee);
      },
      *freeze(cpu) {
        yield* k.freezer_write(cpu, F, true);
        yield* k.freezer_read(cpu, F);
      },
    }),
    properties: ({ k }) => [
      nobodyRunsWhereFrozen(k),
      nobodyEscapes(k),
      listsAreSound(k),
      nothingLeftHeld(k),
    ],
  });
}

const source =
  '5d8f72b55c27 "freezer: change ptrace_stop/do_signal_stop to use freezable_schedule()", 2012';

export const r58: GalleryEntry = {
  kind: 'forbidden',
  id: 'R58',
  title: 'A traced task runs on in a cgroup that is FROZEN (x86-TSO)',
  source,
  scenario: tracedEscapes(
    'traced-escapes',
    'A task stops for a tracer that has just gone, while its cgroup is frozen.',
  ),
  clear: { upTo: 'base' },
  forbiddenBy:
    'read_unlock(&tasklist_lock) in ptrace_stop(): on x86 `lock incl`, so that TASK_RUNNING is visible before the ' +
    'task asks freezing(); sequential consistency, which allows less, forbids it as well',
  proof: { preemptions: undefined },
};

export const r58b: GalleryEntry = {
  kind: 'race',
  id: 'R58b',
  title: 'The same stop, where the unlock of tasklist_lock orders no load (as on arm64)',
  source: `${source}; arch_read_unlock() of arm64 is a release (stlxr), that of x86 a locked instruction`,
  scenario: tracedEscapes(
    'traced-escapes-weak',
    'A task stops for a tracer that has just gone; its TASK_RUNNING is visible after it asked whether to freeze.',
  ),
  broken: { upTo: 'release-unlock' },
  fixed: { upTo: 'freezable-schedule' },
  dies: 'I-16b',
  // The two of the catalogue, the tracer that goes, and the store buffers of their CPUs.
  depth: { threads: 6, preemptions: 0 },
  proof: { preemptions: 2 },
};
