// What a move of tasks promises: I-10 and I-11.
import type { cgroup, css_set } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import {
  type Broken,
  broken,
  monitor,
  onEnd,
  onEvent,
  type Property,
} from '../src/machine/index.js';

/** The last move of a task: from which css_set, and who was on the list of that one at the moment. */
interface Move {
  readonly task: task_struct;
  readonly from: css_set;
  readonly visible: readonly task_struct[];
}

/**
 * I-10: when a fork is done, the child was visible in the source at the moment when its parent was moved away, or
 * is not in the source. (The guarantee of the cover letter: it is found there, or follows its parent.)
 */
export function forkFollowsTheMove(k: For315): Property {
  return monitor<readonly Move[]>(
    'I-10 a fork is visible in the source when its parent is moved, or follows it',
    [],
    onEvent(k.events.task_committed, (moves, { task, from }) => [
      ...moves.filter((move) => move.task !== task),
      { task, from, visible: k.tasksOn(from) },
    ]),
    onEvent(k.events.post_fork_done, (moves, { child, parent }) => {
      const move = moves.find(({ task }) => task === parent);
      if (move?.from !== child.cgroups.peek() || move.visible.includes(child)) return moves;
      return broken(
        `${child.label} is in ${move.from.label}, which its parent left before the child could be seen there`,
      );
    }),
  );
}

/** A transfer, whether it has returned 0, and the tasks that somebody moved into its source, with their children. */
interface Transfer {
  readonly from: cgroup;
  readonly returned: boolean;
  readonly brought: readonly task_struct[];
}

/**
 * I-11: once cgroup_transfer_tasks() has returned 0, its source has no member but exiting ones, and those whom
 * somebody else brought. Looked at when forks are done, and in the end: a child that is only half forked when the
 * transfer returns may still come to be anywhere.
 */
export function transferLeavesNothing(k: For315): Property {
  return monitor<readonly Transfer[]>(
    'I-11 a transfer that returned 0 leaves nothing behind',
    [],
    onEvent(k.events.transfer_started, (transfers, { from }) => [
      ...transfers,
      { from, returned: false, brought: [] },
    ]),
    onEvent(k.events.transfer_returned, (transfers, { from, ret }) =>
      ret === 0
        ? transfers.map((t) => (t.from === from ? { ...t, returned: true } : t))
        : transfers.filter((t) => t.from !== from),
    ),
    onEvent(k.events.task_committed, (transfers, { task, to }) =>
      transfers.map((t) =>
        k.cgroupOf(to, t.from) === t.from ? { ...t, brought: [...t.brought, task] } : t,
      ),
    ),
    onEvent(k.events.post_fork_done, (transfers, { child, parent }) =>
      leftBehind(
        k,
        transfers.map((t) =>
          t.brought.includes(parent) ? { ...t, brought: [...t.brought, child] } : t,
        ),
      ),
    ),
    onEnd((transfers) => leftBehind(k, transfers)),
  );
}

function leftBehind(k: For315, transfers: readonly Transfer[]): readonly Transfer[] | Broken {
  for (const { from, returned, brought } of transfers) {
    if (!returned) continue;
    const left = k.membersOf(from).find((task) => !k.isExiting(task) && !brought.includes(task));
    if (left !== undefined) return broken(`${left.label} is still in ${from.label}`);
  }
  return transfers;
}
