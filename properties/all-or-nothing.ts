// What an operation that moves several tasks, or one task in several hierarchies, promises where it fails: I-09.
import { type For315, showErrno, type task_struct } from '../src/kernel/index.js';
import { atEvent, broken, monitor, onEvent, type Property } from '../src/machine/index.js';

/** An operation that has not returned yet, whom it has moved so far, and whether a subsystem has refused. */
interface Operation {
  readonly mover: string;
  readonly what: string;
  readonly moved: readonly task_struct[];
  readonly refused: boolean;
}

/**
 * I-09: an operation that returns an error has moved nobody: a move of a process, cgroup_attach_task_all(),
 * cgroup_transfer_tasks(). The weak form is that of the cover letter, which sets refusals of can_attach() aside.
 */
export function allOrNothing(k: For315, form: 'strict' | 'weak'): Property {
  const { events } = k;
  const name = form === 'strict' ? 'failed' : 'failed, and not by a veto,';
  const begin = (open: readonly Operation[], mover: string, what: string): readonly Operation[] => [
    ...open,
    { mover, what, moved: [], refused: false },
  ];
  /** The innermost open operation of the mover is over. */
  const end = (open: readonly Operation[], mover: string, ret: number) => {
    const at = open.findLastIndex((operation) => operation.mover === mover);
    const { what, moved, refused } = open[at] as Operation;
    const [first] = moved;
    if (ret === 0 || first === undefined || (form === 'weak' && refused)) {
      return open.filter((_, i) => i !== at);
    }
    return broken(`${what} returned ${showErrno(ret)}, but ${labels(moved)} moved`);
  };
  return monitor<readonly Operation[]>(
    `I-09 what ${name} has moved nobody`,
    [],
    onEvent(events.attach_started, (open) =>
      begin(open, events.attach_started.emitter, 'cgroup_attach_task()'),
    ),
    onEvent(events.attach_all_started, (open) =>
      begin(open, events.attach_all_started.emitter, 'cgroup_attach_task_all()'),
    ),
    onEvent(events.transfer_started, (open) =>
      begin(open, events.transfer_started.emitter, 'cgroup_transfer_tasks()'),
    ),
    onEvent(events.task_committed, (open, { task }) =>
      open.map((operation) =>
        operation.mover === events.task_committed.emitter && !operation.moved.includes(task)
          ? { ...operation, moved: [...operation.moved, task] }
          : operation,
      ),
    ),
    onEvent(events.subsys_called, (open, { callback, ret }) =>
      callback === 'can_attach' && ret !== 0
        ? open.map((operation) =>
            operation.mover === events.subsys_called.emitter
              ? { ...operation, refused: true }
              : operation,
          )
        : open,
    ),
    onEvent(events.attach_returned, (open, { ret }) =>
      end(open, events.attach_returned.emitter, ret),
    ),
    onEvent(events.attach_all_returned, (open, { ret }) =>
      end(open, events.attach_all_returned.emitter, ret),
    ),
    onEvent(events.transfer_returned, (open, { ret }) =>
      end(open, events.transfer_returned.emitter, ret),
    ),
  );
}

function labels(tasks: readonly task_struct[]): string {
  const all = tasks.map((task) => task.label).join(' and ');
  return `${all} ${tasks.length === 1 ? 'was' : 'were'}`;
}

/** Where nothing fails and nobody refuses, a live process can be moved, however many threads it has. */
export function moveSucceeds(k: For315): Property {
  return atEvent(
    k.events.attach_returned,
    'a process of any size can be moved',
    ({ ret, task }) => ret === 0 || `the move of ${task.label} returned ${showErrno(ret)}`,
  );
}
