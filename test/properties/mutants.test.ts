// Every invariant dies of something: armed alone, it finds a small wrong that was made on purpose, and says nothing
// of the same actors, under the same search, on the whole series.
import { describe, expect, it } from 'vitest';
import {
  allInvariants,
  everyTaskIsLinked,
  forkFollowsTheMove,
  linkedExactlyOnce,
  listsAreSound,
  neverLinkedAgain,
  noDeadReference,
  nothingLeftHeld,
  referencesAreCounted,
  transferLeavesNothing,
} from '../../properties/index.js';
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

describe.each(wrongs)('$wrong', ({ property, staging, composition, preemptions, rule }) => {
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
    const program = kernelProgram(staging, armed);
    const proof = prove(program, { preemptionsMax: Math.max(1, preemptions), signature });
    expect(proof).toMatchObject({ outcome: 'proved', limited: 0 });
  });
});

it('every invariant has a wrong of its own', () => {
  const tried = new Set(wrongs.map(({ property }) => nameOf(property)));
  expect([...tried]).toEqual(allInvariants(new Kernel(new Machine())).map(({ name }) => name));
});
