// What cgroup.kill promises: the half of I-16 that is about it.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import { broken, monitor, onEnd, onEvent, type Property } from '../src/machine/index.js';

/**
 * I-16, for cgroup.kill: in the end everybody who was in the cgroup when it was written, and everybody who was forked by
 * one of them, has SIGKILL or exits, unless he has left the cgroup.
 */
export function killLeavesNobody(k: For315): Property {
  return monitor<readonly task_struct[]>(
    'I-16 whoever is in a killed cgroup is killed',
    [],
    onEvent(k.events.kill_started, (doomed, { cgrp }) => [...doomed, ...k.membersOf(cgrp)]),
    onEvent(k.events.task_committed, (doomed, { task }) =>
      doomed.filter((other) => other !== task),
    ),
    onEvent(k.events.post_fork_done, (doomed, { child, parent }) =>
      doomed.includes(parent) ? [...doomed, child] : doomed,
    ),
    onEnd((doomed) => {
      const alive = k.tasks().filter((task) => doomed.includes(task) && !k.isExiting(task));
      const spared = alive.find((task) => !task.sigkill.peek());
      return spared === undefined ? doomed : broken(`${spared.label} lives`);
    }),
  );
}
