// Which list a task is on: I-01, I-02 and I-03.
import {
  atEnd,
  broken,
  monitor,
  onChange,
  onEvent,
  type Property,
  wheneverFree,
} from '../src/machine/index.js';
import type { CssSetView, KernelView, TaskView } from './view.js';

/** I-01: whenever pointers and lists agree, a linked task is on one list, that of the css_set it points to. */
export function linkedExactlyOnce<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property {
  return wheneverFree(
    k.membershipLock,
    'I-01 a linked task is on the list of its own css_set',
    () => {
      const places = placesOf(k);
      for (const task of k.tasks()) {
        const found = places.get(task) ?? [];
        const cset = k.cssSetOf(task);
        if (found.length > 1) return `${task.label} is on ${String(found.length)} lists`;
        if (found.length === 0 && k.isLinked(task)) {
          return `${task.label} is linked, but on the list of no css_set`;
        }
        const [place] = found;
        if (place !== undefined && place !== cset) {
          return `${task.label} is on the list of ${place.label}, but points to ${cset.label}`;
        }
      }
      return true;
    },
  );
}

/** For every task, the css_sets whose lists it is on. */
function placesOf<T extends TaskView, C extends CssSetView>(k: KernelView<T, C>): Map<T, C[]> {
  const places = new Map<T, C[]>();
  for (const cset of k.css_sets()) {
    for (const task of k.tasksOn(cset)) {
      places.set(task, [...(places.get(task) ?? []), cset]);
    }
  }
  return places;
}

/** I-02: in the end, once lists are kept at all, every task that lives and does not exit is on one. */
export function everyTaskIsLinked<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property {
  return atEnd('I-02 every live task is linked', () => {
    const enabled = k.keepsLists();
    for (const task of k.tasks()) {
      if (!enabled && k.isLinked(task)) return `${task.label} is linked before the first mount`;
      if (enabled && !k.isExiting(task) && !k.isLinked(task)) return `${task.label} is on no list`;
    }
    return true;
  });
}

/** I-03: a task that is past its unlinking at exit is never linked again. */
export function neverLinkedAgain<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property {
  return monitor<readonly T[]>(
    'I-03 an exited task is never linked again',
    [],
    onEvent(k.events.exit_unlinked, (exited, { task }) => [...exited, task]),
    // Looks at every task, so that it is asked again whichever is linked: who has exited is no cell of the machine.
    onChange((exited) => {
      const linked = k.tasks().filter((task) => k.isLinked(task));
      const again = linked.find((task) => exited.includes(task));
      return again === undefined
        ? exited
        : broken(`${again.label} is linked although its exit is past unlinking it`);
    }),
  );
}
