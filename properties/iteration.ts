// What walks and migrations leave to each other: I-01b, I-01c, and the strict form of I-11's termination.
import type { css_set } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import {
  atEvent,
  broken,
  monitor,
  onEvent,
  type Property,
  wheneverFree,
} from '../src/machine/index.js';

/** I-01b: a walk through a cgroup that was not cut short has met every task that is linked there, once. */
export function walkMeetsEverybody(k: For315): Property {
  return atEvent(
    k.events.tasks_listed,
    'I-01b a walk meets every linked task once',
    ({ cgrp, tasks }) => {
      const missed = k.membersOf(cgrp).find((task) => !tasks.includes(task));
      if (missed !== undefined) return `${missed.label} is in ${cgrp.label} and was not listed`;
      const twice = tasks.find((task, i) => tasks.indexOf(task) !== i);
      return twice === undefined || `${twice.label} was listed twice`;
    },
  );
}

/** I-01c: whenever cgroup_mutex is free no migration is under way, so that nothing is left of one. */
export function nothingLeftOfMigrations(k: For315): Property {
  return wheneverFree(k.cgroup_mutex, 'I-01c no migration leaves anything in a css_set', () => {
    for (const cset of k.css_sets()) {
      const left = leftIn(cset);
      if (left !== undefined) return `${left} of ${cset.label} is still in use`;
    }
    return true;
  });
}

function leftIn(cset: css_set): string | undefined {
  if (!cset.mg_tasks.peekEmpty()) return 'mg_tasks';
  if (!cset.mg_node.peekEmpty()) return 'mg_node';
  if (!cset.mg_preload_node.peekEmpty()) return 'mg_preload_node';
  if (cset.mg_src_cgrp.peek() !== null) return 'mg_src_cgrp';
  return cset.mg_dst_cset.peek() === null ? undefined : 'mg_dst_cset';
}

/**
 * I-11, its termination in the strict form: cgroup_transfer_tasks() does not come to a task again that it could not
 * move. Not one of allInvariants(): whoever goes round waits for an exit, which is no failure as long as that can go on;
 * where it cannot, the machine says livelock.
 */
export function transferComesToNobodyTwice(k: For315): Property {
  return monitor<readonly task_struct[]>(
    'I-11 a transfer does not come to a task twice',
    [],
    onEvent(k.events.transfer_started, (): readonly task_struct[] => []),
    onEvent(k.events.task_committed, (picked, { task }) => picked.filter((one) => one !== task)),
    onEvent(k.events.transfer_picked, (picked, { task }) =>
      picked.includes(task)
        ? broken(`${task.label} was not moved, and the transfer comes to it again`)
        : [...picked, task],
    ),
  );
}
