// Who holds a reference on what, and what is freed when: I-06 and I-07.
import type { css_set } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import {
  atEnd,
  atEvent,
  monitor,
  onChangeWhenFree,
  onEnd,
  broken,
  type Property,
} from '../src/machine/index.js';

/**
 * I-06: a css_set has a reference for every task that holds one. Whenever css_set_rwsem is free it has at least
 * those of the tasks on its lists; in the end, when nobody is handing one over, exactly those that tasks hold. The
 * second half leaves init_css_set out, where an exited task points without a reference.
 */
export function referencesAreCounted(k: For315): Property {
  return monitor(
    'I-06 a css_set has one reference per task',
    undefined,
    onChangeWhenFree(k.css_set_rwsem, () => {
      const starved = k.css_sets().find((cset) => cset.refcount.peek() < linkedTo(k, cset));
      return starved === undefined
        ? undefined
        : broken(
            `${starved.label} has ${String(starved.refcount.peek())} references, ` +
              `but ${String(linkedTo(k, starved))} linked tasks`,
          );
    }),
    onEnd(() => {
      const wrong = k
        .css_sets()
        .filter((cset) => cset !== k.init_css_set)
        .find((cset) => cset.refcount.peek() !== heldOf(k, cset));
      return wrong === undefined
        ? undefined
        : broken(
            `${wrong.label} has ${String(wrong.refcount.peek())} references in the end, ` +
              `and ${String(heldOf(k, wrong))} are held`,
          );
    }),
  );
}

/** The tasks on the lists of a css_set, for init_css_set together with its own reference. */
function linkedTo(k: For315, cset: css_set): number {
  const own = cset === k.init_css_set ? 1 : 0;
  return own + cset.tasks.peekAll().length + cset.mg_tasks.peekAll().length;
}

function heldOf(k: For315, cset: css_set): number {
  return k.tasks().filter((task) => task.cgroups.peek() === cset && k.holdsReference(task)).length;
}

/**
 * I-07: no counter of references rises from 0 or falls below. The other half of I-07, that nobody touches a freed
 * object, the machine sees to: that is a panic.
 */
export function noDeadReference(k: For315): Property {
  return atEvent(
    k.machine.refcountMisused,
    'I-07 no reference is taken on, or given back to, a dead object',
    ({ counter, from, to }) => `${counter} goes from ${String(from)} to ${String(to)}`,
  );
}

/** I-34: in the end no lock is held, and no thread or CPU is left in atomic context. */
export function nothingLeftHeld(k: For315): Property {
  return atEnd('I-34 nothing is left held', () => {
    const [first] = k.machine.peekLeftovers();
    return first ?? true;
  });
}
