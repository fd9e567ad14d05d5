// The invariants I-nn of the era for-3.15, by theme; `racewalk/properties`.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { Property } from '../src/machine/index.js';
import { allOrNothing, moveSucceeds } from './all-or-nothing.js';
import { listsAreSound } from './lists.js';
import { everyTaskIsLinked, linkedExactlyOnce, neverLinkedAgain } from './membership.js';
import { forkFollowsTheMove, transferLeavesNothing } from './migration.js';
import { killIsFinal } from './percpu-ref.js';
import { noDeadReference, nothingLeftHeld, referencesAreCounted } from './references.js';

export type { CssSetView, KernelView, TaskView } from './view.js';
export {
  allOrNothing,
  everyTaskIsLinked,
  forkFollowsTheMove,
  killIsFinal,
  linkedExactlyOnce,
  listsAreSound,
  moveSucceeds,
  neverLinkedAgain,
  noDeadReference,
  nothingLeftHeld,
  referencesAreCounted,
  transferLeavesNothing,
};

/** Every invariant of the era, in the order of their numbers. */
export function allInvariants(k: For315): Property[] {
  return [
    linkedExactlyOnce(k),
    everyTaskIsLinked(k),
    neverLinkedAgain(k),
    referencesAreCounted(k),
    noDeadReference(k),
    forkFollowsTheMove(k),
    transferLeavesNothing(k),
    listsAreSound(k),
    nothingLeftHeld(k),
  ];
}
