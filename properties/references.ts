// Who holds a reference on what, and what is freed when: I-06 and I-07.
import {
  atEnd,
  atEvent,
  monitor,
  onChangeWhenFree,
  onEnd,
  broken,
  type Machine,
  type Property,
  wheneverFree,
} from '../src/machine/index.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { CssSetView, KernelView, TaskView } from './view.js';

/**
 * I-06: a css_set has a reference for every task that holds one. Whenever pointers and lists agree it has at
 * least those of the tasks on its lists; in the end, when nobody is handing one over, exactly those that tasks hold. The
 * second half leaves init_css_set out, where an exited task points without a reference.
 */
export function referencesAreCounted<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property {
  return monitor(
    'I-06 a css_set has one reference per task',
    undefined,
    onChangeWhenFree(k.membershipLock, () => {
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
function linkedTo<T extends TaskView, C extends CssSetView>(k: KernelView<T, C>, cset: C): number {
  const own = cset === k.init_css_set ? 1 : 0;
  return own + k.tasksOn(cset).length;
}

function heldOf<T extends TaskView, C extends CssSetView>(k: KernelView<T, C>, cset: C): number {
  return k.tasks().filter((task) => k.cssSetOf(task) === cset && k.holdsReference(task)).length;
}

interface WithMachine {
  readonly machine: Machine;
}

/**
 * I-07: no counter of references rises from 0 or falls below. The other half of I-07, that nobody touches a freed
 * object, the machine sees to: that is a panic.
 */
export function noDeadReference(k: WithMachine): Property {
  return atEvent(
    k.machine.refcountMisused,
    'I-07 no reference is taken on, or given back to, a dead object',
    ({ counter, from, to }) => `${counter} goes from ${String(from)} to ${String(to)}`,
  );
}

/** I-34: in the end no lock is held, and no thread or CPU is left in atomic context. */
export function nothingLeftHeld(k: WithMachine): Property {
  return atEnd('I-34 nothing is left held', () => {
    const [first] = k.machine.peekLeftovers();
    return first ?? true;
  });
}

/**
 * I-06, its part on destinations: whenever pointers and lists agree, a css_set that a source of a migration points to has
 * a reference beside those of its tasks. Not one of allInvariants(): scenarios that are about migrations ask for it.
 */
export function destinationsArePinned(k: For315): Property {
  return wheneverFree(k.membershipLock, 'I-06 a destination is held by the migration', () => {
    for (const source of k.css_sets()) {
      const dst = source.mg_dst_cset.peek();
      if (dst === null || dst === k.init_css_set) continue;
      if (dst.memory.peekFreed()) return `${dst.label}, where ${source.label} goes, is freed`;
      if (dst.refcount.peek() <= linkedTo(k, dst)) return `${dst.label} is held by its tasks alone`;
    }
    return true;
  });
}
