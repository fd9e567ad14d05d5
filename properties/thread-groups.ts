// What a move of a whole process promises about its threads: I-13 and I-19.
import type { V31 } from '../src/kernel/v3.1/v3.1.js';
import type { task_struct } from '../src/kernel/v3.1/task.js';
import { broken, monitor, onEvent, type Property } from '../src/machine/index.js';

/** What the subsystems were told since cgroup_attach_proc() began. */
interface Told {
  readonly asked: readonly task_struct[];
  readonly attached: readonly task_struct[];
  readonly exited: readonly task_struct[];
}

/**
 * I-13: attach_task() is called for the threads that can_attach_task() was called for, and for none whose exit() was
 * called. One migration at a time, for cgroup_mutex is held through it.
 */
export function attachSeesWhatCanAttachSaw(k: V31): Property {
  const start: Told = { asked: [], attached: [], exited: [] };
  return monitor(
    'I-13 attach is told of the threads that can_attach was told of',
    start,
    onEvent(k.events.attach_started, (told) => ({ ...told, asked: [], attached: [] })),
    onEvent(k.events.task_called, (told, { callback, task }) => {
      switch (callback) {
        case 'can_attach_task':
          return { ...told, asked: [...told.asked, task] };
        case 'exit':
          return { ...told, exited: [...told.exited, task] };
        case 'attach_task':
          return told.exited.includes(task)
            ? broken(`attach_task() is called for ${task.label}, whose exit() was called before`)
            : { ...told, attached: [...told.attached, task] };
      }
    }),
    onEvent(k.events.attach_returned, (told, { ret }) => {
      const left = told.asked.find((task) => !told.attached.includes(task));
      return ret !== 0 || left === undefined
        ? told
        : broken(`can_attach_task() was called for ${left.label}, and attach_task() never`);
    }),
  );
}

/** A walk: where it began, and whom it has visited. */
interface Walk {
  readonly leader: task_struct;
  readonly visited: readonly task_struct[];
}

/** I-19: a walk over the threads of a process visits members of it, each once, and so ends. */
export function walkVisitsMembersOnce(k: V31): Property {
  return monitor<readonly Walk[]>(
    'I-19 a walk over threads visits each member once',
    [],
    onEvent(k.events.walk_started, (walks, { leader }) => [
      ...walks.filter((walk) => walk.leader !== leader),
      { leader, visited: [] },
    ]),
    onEvent(k.events.walk_visits, (walks, { leader, task }) => {
      if (task.signal.peek() !== leader.signal.peek()) {
        return broken(`the walk from ${leader.label} visits ${task.label} of another process`);
      }
      const walk = walks.find((other) => other.leader === leader);
      if (walk?.visited.includes(task)) {
        return broken(`the walk from ${leader.label} comes to ${task.label} again`);
      }
      return walks.map((other) =>
        other === walk ? { ...other, visited: [...other.visited, task] } : other,
      );
    }),
  );
}

/** What holds of the threads of processes in that era, in the order of the invariants. */
export function threadGroupInvariants(k: V31): Property[] {
  return [attachSeesWhatCanAttachSaw(k), walkVisitsMembersOnce(k)];
}
