// The scenarios of the task-migration series, in the order in which the ladder shows them.
import type { Scenario } from '../scenario.js';
import { attachAllHierarchies } from './attach-all-hierarchies.js';
import { attachVsFork } from './attach-vs-fork.js';
import { enableVsExit } from './enable-vs-exit.js';
import { enableVsLoneExit } from './enable-vs-lone-exit.js';
import { flexArrayLimit } from './flex-array-limit.js';
import { forkVsAttach } from './fork-vs-attach.js';
import { forkVsTransfer } from './fork-vs-transfer.js';
import { identityMoveVsExit } from './identity-move-vs-exit.js';
import { partialTransfer, refusedTransfer } from './partial-transfer.js';
import { processInSeveralSets } from './process-in-several-sets.js';
import { processMove } from './process-move.js';
import { mkdirFails } from './mkdir-fails.js';
import { releaseVsAttach } from './release-vs-attach.js';
import { releaseVsReentry } from './release-vs-reentry.js';
import { rmdirChildAndParent } from './rmdir-child-and-parent.js';
import { rmdirVsAttach } from './rmdir-vs-attach.js';
import { rmdirVsExit } from './rmdir-vs-exit.js';
import { rmdirVsFork } from './rmdir-vs-fork.js';
import { rmdirVsTransfer } from './rmdir-vs-transfer.js';
import { tasksVsMigration } from './tasks-vs-migration.js';
import { transferOutOfMemory } from './transfer-out-of-memory.js';
import { transferVsExit } from './transfer-vs-exit.js';
import { transferVsExpedited } from './transfer-vs-expedited.js';
import { transferVsUnmount } from './transfer-vs-unmount.js';
import { transferWaits } from './transfer-waits.js';

export const migrationScenarios: readonly Scenario[] = [
  forkVsTransfer,
  forkVsAttach,
  enableVsExit,
  enableVsLoneExit,
  flexArrayLimit,
  partialTransfer,
  refusedTransfer,
  processInSeveralSets,
  attachAllHierarchies,
  attachVsFork,
  processMove,
  identityMoveVsExit,
  tasksVsMigration,
  transferOutOfMemory,
  transferVsExit,
  transferVsExpedited,
  transferVsUnmount,
  transferWaits,
];

/** What mkdir, rmdir and the release agent come to on the same rungs; not part of the ladder's table. */
export const directoryScenarios: readonly Scenario[] = [
  rmdirVsExit,
  rmdirVsFork,
  rmdirVsAttach,
  rmdirVsTransfer,
  rmdirChildAndParent,
  mkdirFails,
  releaseVsAttach,
  releaseVsReentry,
];
