// What a migration shows to subsystems, and when it calls them: I-13, I-14 and I-15.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { cgroup_subsys } from '../src/kernel/for-3.15/subsystem.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import { broken, monitor, onEnd, onEvent, type Property } from '../src/machine/index.js';

/** What a subsystem was shown when it was asked. */
interface Shown {
  readonly ss: cgroup_subsys;
  readonly tasks: readonly task_struct[];
}

/** I-13: attach(), or cancel_attach(), is shown the tasks that can_attach() of the same subsystem was shown. */
export function attachSeesWhatWasAsked(k: For315): Property {
  return monitor<readonly Shown[]>(
    'I-13 attach() sees the tasks that can_attach() has seen',
    [],
    onEvent(k.events.subsys_calls, (shown, { ss, callback, tset }) => {
      const tasks = k.targetsOf(tset);
      const rest = shown.filter((one) => one.ss !== ss);
      if (callback === 'can_attach') return [...rest, { ss, tasks }];
      const asked = shown.find((one) => one.ss === ss)?.tasks ?? tasks;
      const gone = asked.find((task) => !tasks.includes(task));
      const come = tasks.find((task) => !asked.includes(task));
      if (gone !== undefined) return broken(`${callback}() is not shown ${gone.label} any more`);
      if (come !== undefined) return broken(`${callback}() is shown ${come.label} first`);
      return rest;
    }),
  );
}

/** I-14: where a process is moved, the first task that a subsystem is shown is the leader, if that is moved at all. */
export function leaderComesFirst(k: For315): Property {
  return monitor<task_struct | undefined>(
    'I-14 the first task of a taskset is the leader',
    undefined,
    onEvent(k.events.attach_started, (_, { task, threadgroup }) =>
      threadgroup ? task : undefined,
    ),
    onEvent(k.events.attach_returned, (): task_struct | undefined => undefined),
    onEvent(k.events.subsys_calls, (leader, { callback, tset }) => {
      if (leader === undefined) return leader;
      const tasks = k.targetsOf(tset);
      const [first] = tasks;
      if (first === undefined || first === leader || !tasks.includes(leader)) return leader;
      return broken(`${callback}() is shown ${first.label} before ${leader.label}`);
    }),
  );
}

/**
 * I-15: of each subsystem, can_attach() that allowed is followed by attach() or cancel_attach(), once; neither comes
 * without. Looked at for subsystems that have all three.
 */
export function callbacksKeepTheProtocol(k: For315): Property {
  const watched = (name: string): boolean => k.subsystems().some((ss) => isComplete(ss, name));
  return monitor<readonly string[]>(
    'I-15 a subsystem is told how what it allowed has ended',
    [],
    onEvent(k.events.subsys_called, (allowed, { subsys, callback, ret }) => {
      if (callback === 'fork' || callback === 'exit' || !watched(subsys)) return allowed;
      const rest = allowed.filter((name) => name !== subsys);
      const isOpen = rest.length < allowed.length;
      if (callback !== 'can_attach') {
        return isOpen
          ? rest
          : broken(`${subsys} is told by ${callback}() of what it never allowed`);
      }
      if (isOpen)
        return broken(`${subsys} is asked again before it was told how the last one ended`);
      return ret === 0 ? [...allowed, subsys] : allowed;
    }),
    onEnd((allowed) =>
      allowed[0] === undefined
        ? allowed
        : broken(`${allowed[0]} was never told how what it allowed has ended`),
    ),
  );
}

function isComplete(ss: cgroup_subsys, name: string): boolean {
  return ss.name === name && ![ss.can_attach, ss.cancel_attach, ss.attach].includes(undefined);
}
