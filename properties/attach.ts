// What a write to `tasks` promises to whom it names: I-12.
import type { cgroup } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import { type Broken, broken, monitor, onEvent, type Property } from '../src/machine/index.js';

/** An attach that returned 0 while its task was on no list yet. */
interface Promised {
  readonly task: task_struct;
  readonly to: cgroup;
}

/**
 * I-12: when an attach returns 0, the task that it names is in the destination, unless it exits. A task that is half
 * forked then may still come to be there: it is looked at when its fork is done, unless somebody moves it before that.
 */
export function attachMovesItsTask(k: For315): Property {
  return monitor<readonly Promised[]>(
    'I-12 an attach that returned 0 has moved its task',
    [],
    onEvent(k.events.attach_started, (promised, { task }) =>
      promised.filter((one) => one.task !== task),
    ),
    onEvent(k.events.attach_returned, (promised, { task, to, ret }) => {
      if (ret !== 0) return promised;
      return k.isLinked(task) ? kept(k, promised, { task, to }) : [...promised, { task, to }];
    }),
    onEvent(k.events.post_fork_done, (promised, { child }) => {
      const mine = promised.find(({ task }) => task === child);
      if (mine === undefined) return promised;
      return kept(
        k,
        promised.filter((one) => one !== mine),
        mine,
      );
    }),
  );
}

function kept(
  k: For315,
  rest: readonly Promised[],
  { task, to }: Promised,
): readonly Promised[] | Broken {
  const at = k.cgroupOf(task.cgroups.peek(), to);
  if (at === to || k.isExiting(task)) return rest;
  return broken(`${task.label} is not in ${to.label}, though its attach returned 0`);
}
