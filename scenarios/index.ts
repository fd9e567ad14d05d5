// The public face of the scenarios: `racewalk/scenarios`.
import { lostUpdate } from './lost-update.js';
import type { Scenario } from './scenario.js';
import { gallery } from './gallery/index.js';
import { attachVsFork } from './seed-000/attach-vs-fork.js';
import { identityMoveVsExit } from './seed-000/identity-move-vs-exit.js';
import { processMove } from './seed-000/process-move.js';
import { tasksVsMigration } from './seed-000/tasks-vs-migration.js';
import { transferOutOfMemory } from './seed-000/transfer-out-of-memory.js';
import { transferVsExit } from './seed-000/transfer-vs-exit.js';
import { transferVsExpedited } from './seed-000/transfer-vs-expedited.js';
import { transferVsUnmount } from './seed-000/transfer-vs-unmount.js';
import { transferWaits } from './seed-000/transfer-waits.js';
import { enableVsExit } from './seed-000/enable-vs-exit.js';
import { enableVsLoneExit } from './seed-000/enable-vs-lone-exit.js';
import { forkVsAttach } from './seed-000/fork-vs-attach.js';
import { forkVsTransfer } from './seed-000/fork-vs-transfer.js';
import { directoryScenarios, migrationScenarios } from './seed-000/index.js';

export {
  attachVsFork,
  identityMoveVsExit,
  processMove,
  tasksVsMigration,
  transferOutOfMemory,
  transferVsExit,
  transferVsExpedited,
  transferVsUnmount,
  transferWaits,
  enableVsExit,
  enableVsLoneExit,
  forkVsAttach,
  forkVsTransfer,
  lostUpdate,
};
export type { ScenarioProgram } from './program.js';
export { programOf, programWith } from './program.js';
export type {
  AnySeries,
  BuildOptions,
  Built,
  KernelScenario,
  MachineScenario,
  Placed,
  Scenario,
  ScenarioActor,
} from './scenario.js';
export { at, balancer, hardirq, on, scenario, softirq } from './scenario.js';

export type { ForbiddenEntry, GalleryEntry, ProofClaim, RaceEntry } from './gallery/index.js';
export { gallery } from './gallery/index.js';
export { directoryScenarios, migrationScenarios } from './seed-000/index.js';
export type { RuleExample, RuleTheme } from './rules/index.js';
export { ruleScenarios, ruleThemes } from './rules/index.js';

/** Every scenario of racewalk's own, in the order in which `racewalk list` shows them. */
export const allScenarios: readonly Scenario[] = [
  lostUpdate,
  ...migrationScenarios,
  ...directoryScenarios,
  ...gallery.map(({ scenario }) => scenario),
];
