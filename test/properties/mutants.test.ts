// Every invariant dies of something: armed alone, it finds a small wrong that was made on purpose, and says nothing
// of the same actors, under the same search, on the whole series.
import { describe, expect, it } from 'vitest';
import {
  allInvariants,
  attachMovesItsTask,
  attachSeesWhatWasAsked,
  callbacksKeepTheProtocol,
  everyTaskIsLinked,
  forkFollowsTheMove,
  leaderComesFirst,
  linkedExactlyOnce,
  listsAreSound,
  neverLinkedAgain,
  noDeadReference,
  nothingLeftHeld,
  nothingLeftOfMigrations,
  referencesAreCounted,
  transferLeavesNothing,
  walkMeetsEverybody,
} from '../../properties/index.js';
import { walkTasksOnly } from '../../src/kernel/for-3.15/patches/walk-tasks-only.js';
import { prove } from '../../scheduler/index.js';
import {
  type Composition,
  type For315,
  type Patch,
  taskMigration,
} from '../../src/kernel/index.js';
import { Machine, type Property } from '../../src/machine/index.js';
import { kernelProgram, type Staging } from './kernel-program.js';
import * as mutants from './mutants.js';
import * as stagings from './stagings.js';

type Invariant = (k: For315) => Property;

interface Wrong {
  /** What is wrong, as a sentence's end. */
  readonly wrong: string;
  readonly property: Invariant;
  readonly staging: Staging;
  readonly composition: Composition<For315>;
  /** Preemptions that the shortest failure needs. */
  readonly preemptions: number;
  /** Where it is put right, if that is not the series as it was posted. */
  readonly right?: Composition<For315>;
  /** The signature of what the machine says of it before the property is judged. */
  readonly rule?: string;
}

const mutated = (...patches: Patch<For315>[]): Composition<For315> => ({ mutants: patches });
const withoutExitSections = ['exit_mm', 'exit_files', 'exit_fs'];

const wrongs: readonly Wrong[] = [
  {
    wrong: 'an exiting task stays on its list',
    property: linkedExactlyOnce,
    staging: stagings.exit,
    composition: mutated(mutants.exitKeepsTheLink),
    preemptions: 0,
  },
  {
    wrong: 'css_set_rwsem is dropped between the pointer and the list',
    property: linkedExactlyOnce,
    staging: stagings.attach,
    composition: mutated(mutants.moveInTwoSections),
    preemptions: 0,
  },
  {
    wrong: 'a move forgets the list',
    property: linkedExactlyOnce,
    staging: stagings.attach,
    composition: mutated(mutants.moveForgetsTheList),
    preemptions: 0,
  },
  {
    wrong: 'the siglock fix is left out and task_lock dropped',
    property: linkedExactlyOnce,
    staging: stagings.enableVsExit,
    composition: { upTo: '0006', without: ['siglock'] },
    preemptions: 1,
  },
  {
    wrong: 'a walk passes over those that are being migrated',
    property: walkMeetsEverybody,
    staging: stagings.listVsAttach,
    composition: mutated(walkTasksOnly),
    preemptions: 1,
  },
  {
    wrong: 'cgroup_migrate_finish() leaves its marks',
    property: nothingLeftOfMigrations,
    staging: stagings.forkVsAttach,
    composition: mutated(mutants.finishLeavesMarks),
    preemptions: 0,
  },
  {
    wrong: 'a fork forgets to link the child',
    property: everyTaskIsLinked,
    staging: stagings.fork,
    composition: mutated(mutants.forkForgetsTheLink),
    preemptions: 0,
  },
  {
    wrong: 'the first mount skips threads',
    property: everyTaskIsLinked,
    staging: stagings.enable,
    composition: mutated(mutants.enableSkipsThreads),
    preemptions: 0,
  },
  {
    wrong: 'the first mount sets its flag last',
    property: everyTaskIsLinked,
    staging: stagings.enableVsFork,
    composition: mutated(mutants.enableSetsItsFlagLast),
    preemptions: 1,
  },
  {
    wrong: 'the first mount does not test PF_EXITING',
    property: neverLinkedAgain,
    staging: stagings.enableVsExit,
    composition: mutated(mutants.enableLinksTheExiting),
    preemptions: 1,
  },
  {
    wrong: 'nothing keeps the first mount and the exit apart',
    property: neverLinkedAgain,
    staging: stagings.enableVsExit,
    composition: { upTo: 'pre-siglock', elide: withoutExitSections },
    preemptions: 1,
  },
  {
    wrong: 'the migration path takes an exiting task',
    property: neverLinkedAgain,
    staging: stagings.exitVsAttach,
    composition: mutated(mutants.migrationTakesAnybody),
    preemptions: 1,
  },
  {
    wrong: 'a fork takes no reference',
    property: referencesAreCounted,
    staging: stagings.fork,
    composition: mutated(mutants.forkForgetsTheReference),
    preemptions: 0,
  },
  {
    wrong: 'an exit gives no reference back',
    property: referencesAreCounted,
    staging: stagings.exit,
    composition: mutated(mutants.exitKeepsTheReference),
    preemptions: 0,
  },
  {
    wrong: 'find_css_set() takes no reference',
    property: referencesAreCounted,
    staging: stagings.attach,
    composition: mutated(mutants.lookupTakesNoReference),
    preemptions: 0,
  },
  {
    wrong: 'cgroup_migrate_finish() puts nothing',
    property: referencesAreCounted,
    staging: stagings.attach,
    composition: mutated(mutants.finishKeepsReferences),
    preemptions: 0,
  },
  {
    wrong: 'a fork links and counts without css_set_rwsem',
    property: referencesAreCounted,
    staging: stagings.fork,
    composition: mutated(mutants.forkWithoutRwsem),
    preemptions: 0,
  },
  {
    wrong: 'the last reference is dropped before the lock is taken',
    property: noDeadReference,
    staging: stagings.lastExitVsAttach,
    composition: mutated(mutants.putDropsBeforeItLocks),
    preemptions: 1,
  },
  {
    wrong: 'task_lock is dropped while forks still take their css_set early',
    property: noDeadReference,
    staging: stagings.lonelyForkVsAttach,
    composition: { upTo: '0006', without: ['0005'] },
    preemptions: 2,
  },
  {
    wrong: 'a fork takes its css_set early and links the child late',
    property: forkFollowsTheMove,
    staging: stagings.forkVsTransfer,
    composition: { upTo: '0004' },
    preemptions: 1,
  },
  {
    wrong: "a fork reads its parent's css_set before it has the lock",
    property: forkFollowsTheMove,
    staging: stagings.forkVsAttach,
    composition: mutated(mutants.forkReadsTooEarly),
    preemptions: 1,
  },
  {
    wrong: 'a fork does without css_set_rwsem',
    property: forkFollowsTheMove,
    staging: stagings.forkVsAttach,
    composition: mutated(mutants.forkWithoutRwsem),
    preemptions: 1,
  },
  {
    wrong: 'a child is linked late',
    property: transferLeavesNothing,
    staging: stagings.forkVsTransfer,
    composition: { upTo: '0004' },
    preemptions: 1,
  },
  {
    wrong: 'a transfer moves one task only',
    property: transferLeavesNothing,
    staging: stagings.transfer,
    composition: mutated(mutants.transferMovesOne),
    preemptions: 0,
  },
  {
    wrong: 'the migration path takes nobody',
    property: attachMovesItsTask,
    staging: stagings.attach,
    composition: mutated(mutants.migrationTakesNobody),
    preemptions: 0,
  },
  {
    wrong: 'the migration path passes over a half-forked child',
    property: attachMovesItsTask,
    staging: stagings.attachOfTheForked,
    composition: { upTo: '0007' },
    preemptions: 1,
    right: { upTo: 'fork-threadgroup' },
  },
  {
    wrong: 'attach() is shown the sources',
    property: attachSeesWhatWasAsked,
    staging: stagings.attachWithSubsystem,
    composition: mutated(mutants.attachIsShownTheSources),
    preemptions: 0,
  },
  {
    wrong: 'targets are put to the head of the list',
    property: leaderComesFirst,
    staging: stagings.processAttach,
    composition: { upTo: '0007' },
    preemptions: 0,
    right: { upTo: 'taskset-order' },
  },
  {
    wrong: 'a veto tells nobody',
    property: callbacksKeepTheProtocol,
    staging: stagings.vetoedAttach,
    composition: mutated(mutants.vetoTellsNobody),
    preemptions: 0,
  },
  {
    wrong: 'a child is put on the list twice',
    property: listsAreSound,
    staging: stagings.fork,
    composition: mutated(mutants.forkLinksTwice),
    preemptions: 0,
  },
  {
    wrong: 'a freed css_set stays in the hash table',
    property: listsAreSound,
    staging: stagings.exit,
    composition: mutated(mutants.putLeavesTheTable),
    preemptions: 0,
  },
  {
    wrong: 'a task is freed while it is linked',
    property: listsAreSound,
    staging: stagings.enableVsExit,
    composition: { upTo: 'pre-siglock', elide: withoutExitSections },
    preemptions: 1,
  },
  {
    wrong: 'an attach returns with cgroup_mutex',
    property: nothingLeftHeld,
    staging: stagings.exitVsAttach,
    composition: mutated(mutants.attachKeepsTheMutex),
    preemptions: 0,
    rule: 'lock rule K-06 attach ends with cgroup_mutex held',
  },
  {
    wrong: 'a fork that fails keeps group_rwsem',
    property: nothingLeftHeld,
    staging: stagings.failingFork,
    composition: mutated(mutants.failedForkKeepsTheThreadgroup),
    preemptions: 0,
    rule: 'lock rule K-06 fork ends with parent->signal.group_rwsem for reading held',
  },
  {
    wrong: 'the first mount leaves interrupts off',
    property: nothingLeftHeld,
    staging: stagings.enable,
    composition: mutated(mutants.enableKeepsInterruptsOff),
    preemptions: 0,
  },
];

const { Kernel } = taskMigration.compose();
const nameOf = (property: Invariant): string => property(new Kernel(new Machine())).name;

describe.each(wrongs)('$wrong', (one) => {
  const { property, staging, composition, preemptions, rule, right } = one;
  const armed = (k: For315) => [property(k)];
  const name = nameOf(property);
  const signature = rule ?? `violation ${name}`;

  it(`breaks ${name.slice(0, 4)}, at the earliest with ${String(preemptions)} preemptions`, () => {
    const program = kernelProgram(staging, armed, composition);
    const proof = prove(program, { preemptionsMax: preemptions, signature });
    expect(proof.outcome).toBe('broken');
    expect(proof.finding).toMatchObject({ signature, preemptions });
    expect(proof.minimal).toBe(true);
  });

  it(`leaves ${name.slice(0, 4)} alone when it is put right`, () => {
    const program = kernelProgram(staging, armed, right);
    const proof = prove(program, { preemptionsMax: Math.max(1, preemptions), signature });
    expect(proof).toMatchObject({ outcome: 'proved', limited: 0 });
  });
});

it('every invariant has a wrong of its own', () => {
  const tried = new Set(wrongs.map(({ property }) => nameOf(property)));
  expect([...tried]).toEqual(allInvariants(new Kernel(new Machine())).map(({ name }) => name));
});
