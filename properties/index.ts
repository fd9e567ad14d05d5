// The invariants I-nn of the era for-3.15, by theme; `racewalk/properties`.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { Property } from '../src/machine/index.js';
import { allOrNothing, moveSucceeds } from './all-or-nothing.js';
import { attachMovesItsTask } from './attach.js';
import {
  nothingLeftOfMigrations,
  processesAreListed,
  transferComesToNobodyTwice,
  walkMeetsEverybody,
} from './iteration.js';
import {
  chargesAddUp,
  limitHolds,
  neverNegative,
  pidFreeIsChargeFree,
  refusedOnlyIfFull,
} from './charges.js';
import { killLeavesNobody } from './kill.js';
import { frozenIsTrue, frozenTasksAreCounted, nobodyEscapes } from './freezer.js';
import { listsAreSound } from './lists.js';
import { everyTaskIsLinked, linkedExactlyOnce, neverLinkedAgain } from './membership.js';
import { forkFollowsTheMove, transferLeavesNothing } from './migration.js';
import {
  busyHasAReason,
  deadStaysEmpty,
  directoryInvariants,
  freedIsUnused,
  offlineInOrder,
  releaseIsTold,
} from './directories.js';
import { killIsFinal } from './percpu-ref.js';
import {
  destinationsArePinned,
  noDeadReference,
  nothingLeftHeld,
  referencesAreCounted,
} from './references.js';
import { attachSeesWhatWasAsked, callbacksKeepTheProtocol, leaderComesFirst } from './taskset.js';
import type { CssSetView, KernelView, TaskView } from './view.js';

export type { ChargeCounter, ChargeView } from './charges.js';
export {
  attachSeesWhatCanAttachSaw,
  threadGroupInvariants,
  walkVisitsMembersOnce,
} from './thread-groups.js';
export type { FreezerView, FrozenCounts } from './freezer.js';
export type { CssSetView, KernelView, TaskView } from './view.js';
export {
  allOrNothing,
  attachMovesItsTask,
  attachSeesWhatWasAsked,
  callbacksKeepTheProtocol,
  chargesAddUp,
  destinationsArePinned,
  busyHasAReason,
  deadStaysEmpty,
  directoryInvariants,
  everyTaskIsLinked,
  freedIsUnused,
  offlineInOrder,
  releaseIsTold,
  forkFollowsTheMove,
  frozenIsTrue,
  frozenTasksAreCounted,
  killIsFinal,
  killLeavesNobody,
  leaderComesFirst,
  limitHolds,
  linkedExactlyOnce,
  listsAreSound,
  moveSucceeds,
  neverLinkedAgain,
  neverNegative,
  nobodyEscapes,
  noDeadReference,
  nothingLeftHeld,
  nothingLeftOfMigrations,
  pidFreeIsChargeFree,
  processesAreListed,
  referencesAreCounted,
  refusedOnlyIfFull,
  transferComesToNobodyTwice,
  transferLeavesNothing,
  walkMeetsEverybody,
};

/** Every invariant of the era, in the order of their numbers. */
export function allInvariants(k: For315): Property[] {
  return [
    linkedExactlyOnce(k),
    walkMeetsEverybody(k),
    nothingLeftOfMigrations(k),
    everyTaskIsLinked(k),
    neverLinkedAgain(k),
    referencesAreCounted(k),
    noDeadReference(k),
    forkFollowsTheMove(k),
    transferLeavesNothing(k),
    attachMovesItsTask(k),
    attachSeesWhatWasAsked(k),
    leaderComesFirst(k),
    callbacksKeepTheProtocol(k),
    listsAreSound(k),
    nothingLeftHeld(k),
  ];
}

/** The invariants of tasks and css_sets in any era, in the order of their numbers. */
export function taskInvariants<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property[] {
  return [
    linkedExactlyOnce(k),
    everyTaskIsLinked(k),
    neverLinkedAgain(k),
    referencesAreCounted(k),
    noDeadReference(k),
    listsAreSound(k),
    nothingLeftHeld(k),
  ];
}
