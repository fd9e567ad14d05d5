// What walks and migrations leave to each other: I-01b, I-01c, and the strict form of I-11's termination.
import type { cgroup, css_set } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import { broken, monitor, onEvent, type Property, wheneverFree } from '../src/machine/index.js';

/** Who was in a cgroup when a walk through it began. */
interface Walk {
  readonly by: string;
  readonly members: readonly task_struct[];
}

/**
 * I-01b: a walk through a cgroup that was not cut short has met every task that is linked there, once. Where it goes
 * without the lock between two tasks, those that were linked there from its beginning to its end; somebody who goes to
 * mg_tasks meanwhile may then be met twice, which the documentation of cgroup.procs allows.
 */
export function walkMeetsEverybody(k: For315): Property {
  return monitor<readonly Walk[]>(
    'I-01b a walk meets every linked task once',
    [],
    onEvent(k.events.walk_started, (walks, { cgrp, by }) => begin(walks, by, k.membersOf(cgrp))),
    onEvent(k.events.task_committed, (walks, { task }) => without(walks, task)),
    onEvent(k.events.tasks_listed, (walks, { cgrp, tasks, by }) => {
      const walk = walks.find((begun) => begun.by === by);
      const there = k.membersOf(cgrp).filter((task) => walk?.members.includes(task) ?? true);
      const missed = there.find((task) => !tasks.includes(task));
      if (missed !== undefined)
        return broken(`${missed.label} is in ${cgrp.label} and was not listed`);
      const twice = walk === undefined && tasks.find((task, i) => tasks.indexOf(task) !== i);
      return twice ? broken(`${twice.label} was listed twice`) : walks;
    }),
  );
}

/**
 * I-17: a read of cgroup.procs shows every process that has had a thread there from its beginning to its end, one that
 * does not exit.
 */
export function processesAreListed(k: For315): Property {
  const leadersIn = (cgrp: cgroup): task_struct[] =>
    k
      .membersOf(cgrp)
      .filter((task) => !k.isExiting(task))
      .map((task) => task.group_leader.peek());
  return monitor<readonly Walk[]>(
    'I-17 a process with a live thread is listed',
    [],
    onEvent(k.events.walk_started, (walks, { cgrp, by }) => begin(walks, by, leadersIn(cgrp))),
    onEvent(k.events.task_committed, (walks, { task }) => without(walks, task.group_leader.peek())),
    onEvent(k.events.procs_listed, (walks, { cgrp, leaders, by }) => {
      const walk = walks.find((begun) => begun.by === by);
      const there = leadersIn(cgrp).filter((leader) => walk?.members.includes(leader) ?? true);
      const missed = there.find((leader) => !leaders.includes(leader));
      return missed === undefined
        ? walks
        : broken(`the process of ${missed.label} lives in ${cgrp.label} and was not listed`);
    }),
  );
}

function begin(
  walks: readonly Walk[],
  by: string,
  members: readonly task_struct[],
): readonly Walk[] {
  return [...walks.filter((walk) => walk.by !== by), { by, members }];
}

/** Whoever is moved may have been elsewhere when the walk came by. */
function without(walks: readonly Walk[], task: task_struct): readonly Walk[] {
  return walks.map(({ by, members }) => ({
    by,
    members: members.filter((member) => member !== task),
  }));
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
