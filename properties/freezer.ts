// What a freezer promises: I-16, I-16b and I-16c, for any freezer that answers these questions.
import {
  atEnd,
  atEvent,
  type Cell,
  type Lock,
  type MachineEvent,
  type Property,
  wheneverFree,
} from '../src/machine/index.js';

/** What the properties ask of a freezer. */
export interface FreezerView<G extends { readonly label: string }, T> {
  /** The groups that somebody has frozen and not thawed since. */
  freezingGroups(): readonly G[];
  membersOf(group: G): readonly (T & { readonly label: string })[];
  isExiting(task: T): boolean;
  isFrozen(task: T): boolean;
  /** It has been told, and freezes before it runs in user mode again. */
  isTold(task: T): boolean;
}

/** I-16: in the end nobody in a group that was frozen is left to run: each is frozen, exits, or has been told. */
export function nobodyEscapes<G extends { readonly label: string }, T>(
  view: FreezerView<G, T>,
): Property {
  return atEnd('I-16 nobody in a frozen group runs on', () => {
    for (const group of view.freezingGroups()) {
      const free = view
        .membersOf(group)
        .find((task) => !view.isFrozen(task) && !view.isTold(task) && !view.isExiting(task));
      if (free !== undefined) return `${free.label} runs in ${group.label}, which was frozen`;
    }
    return true;
  });
}

/** I-16b: who reads FROZEN can rely on it: every member is frozen. */
export function frozenIsTrue<G extends { readonly label: string }, T>(
  view: FreezerView<G, T>,
  read: MachineEvent<{ cgrp: G; state: string }>,
): Property {
  return atEvent(read, 'I-16b FROZEN is said only where everybody is', ({ cgrp, state }) => {
    if (state !== 'FROZEN') return true;
    const free = view.membersOf(cgrp).find((task) => !view.isFrozen(task));
    return free === undefined
      ? true
      : `${cgrp.label} is said to be FROZEN, but ${free.label} is not`;
  });
}

/** I-16b, in the end: in a group that is said to be FROZEN nobody is on the run: each is frozen, or has stopped. */
export function nobodyRunsWhereFrozen<G extends { readonly label: string }, T>(
  view: Pick<FreezerView<G, T>, 'membersOf' | 'isFrozen'> & {
    frozenGroups(): readonly G[];
    isStopped(task: T): boolean;
  },
): Property {
  return atEnd('I-16b nobody runs where FROZEN was said', () => {
    for (const group of view.frozenGroups()) {
      const free = view
        .membersOf(group)
        .find((task) => !view.isFrozen(task) && !view.isStopped(task));
      if (free !== undefined)
        return `${free.label} runs in ${group.label}, which is said to be FROZEN`;
    }
    return true;
  });
}

/** What I-16c asks of a freezer that counts. */
export interface FrozenCounts<G extends { readonly label: string }, T> {
  readonly membershipLock: Lock;
  freezableGroups(): readonly G[];
  membersOf(group: G): readonly T[];
  isFrozen(task: T): boolean;
  nrFrozenTasks(group: G): Cell<number>;
}

/** I-16c: whenever its lock is free, a group counts just its frozen tasks. */
export function frozenTasksAreCounted<G extends { readonly label: string }, T>(
  view: FrozenCounts<G, T>,
): Property {
  return wheneverFree(view.membershipLock, 'I-16c a group counts its frozen tasks', () => {
    for (const group of view.freezableGroups()) {
      const frozen = view.membersOf(group).filter((task) => view.isFrozen(task)).length;
      const counted = view.nrFrozenTasks(group).peek();
      if (counted !== frozen) {
        return `${group.label} counts ${String(counted)} frozen tasks, and has ${String(frozen)}`;
      }
    }
    return true;
  });
}
