// Every invariant of directories dies of something, and says nothing of the same actors where that is put right.
import { describe, expect, it } from 'vitest';
import {
  busyHasAReason,
  deadStaysEmpty,
  directoryInvariants,
  freedIsUnused,
  offlineInOrder,
  releaseIsTold,
} from '../../properties/index.js';
import { prove } from '../../scheduler/index.js';
import { type For315, type Patch, taskMigration } from '../../src/kernel/index.js';
import { Machine, type Property } from '../../src/machine/index.js';
import { on } from '../kernel/go-on.js';
import * as mutants from './directory-mutants.js';
import { kernelProgram, type Staging } from './kernel-program.js';

const rmdirVsAttach: Staging = (k) => {
  const [F, user] = [k.mkdir('/F'), k.task('user')];
  return [
    on('rmdir', user, (cpu) => k.vfs_rmdir(cpu, k.dir(F))),
    on('attach', user, (cpu) => k.cgroup_file_write(cpu, k.dir(F), user, false)),
  ];
};

const rmdirOfMember: Staging = (k) => {
  const F = k.mkdir('/F');
  k.task('member', F);
  return [on('rmdir', k.task('user'), (cpu) => k.vfs_rmdir(cpu, k.dir(F)))];
};

const rmdirChildThenParent: Staging = (k) => {
  k.subsystem({ name: 'memory' });
  const [F, C] = [k.mkdir('/F'), k.mkdir('/F/C')];
  const rmdirBoth = on('rmdir', k.task('user'), function* (cpu) {
    yield* k.vfs_rmdir(cpu, k.dir(C));
    yield* k.vfs_rmdir(cpu, k.dir(F));
  });
  return [rmdirBoth];
};

const lastExit: Staging = (k) => {
  const F = k.mkdir('/F');
  k.set_notify_on_release(F);
  return [on('exit', k.task('member', F), (cpu) => k.do_exit(cpu))];
};

const lastMove: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  k.set_notify_on_release(F);
  const task = k.task('task', F);
  return [on('move', k.task('user'), (cpu) => k.attach_task_by_pid(cpu, D, task, false))];
};

interface Wrong {
  readonly wrong: string;
  readonly property: (k: For315) => Property;
  readonly staging: Staging;
  readonly mutant: Patch<For315>;
  readonly preemptions: number;
  /** The rung, by default the series as it was posted. */
  readonly upTo?: string;
}

const wrongs: readonly Wrong[] = [
  {
    wrong: 'an attach does not look whether the cgroup is dead',
    property: deadStaysEmpty,
    staging: rmdirVsAttach,
    mutant: mutants.lockTestsNothing,
    preemptions: 1,
  },
  {
    wrong: 'an attach looks before it has cgroup_mutex',
    property: deadStaysEmpty,
    staging: rmdirVsAttach,
    mutant: mutants.lockTestsTooEarly,
    preemptions: 1,
  },
  {
    wrong: 'rmdir removes a cgroup with a task',
    property: freedIsUnused,
    staging: rmdirOfMember,
    mutant: mutants.rmdirTestsNothing,
    preemptions: 0,
  },
  {
    wrong: 'rmdir minds a child that is dead already',
    property: busyHasAReason,
    staging: rmdirChildThenParent,
    mutant: mutants.rmdirCountsDeadChildren,
    preemptions: 0,
  },
  {
    wrong: 'a css is freed without having been taken offline',
    property: offlineInOrder,
    staging: rmdirChildThenParent,
    mutant: mutants.killSkipsOffline,
    preemptions: 0,
  },
  {
    wrong: 'the exit of the last task does not mark the cgroup releasable',
    property: releaseIsTold,
    staging: lastExit,
    mutant: mutants.exitTellsNobody,
    preemptions: 0,
  },
  {
    wrong: 'a move drops the last reference before it says that the cgroup can be released (R38)',
    property: releaseIsTold,
    staging: lastMove,
    mutant: mutants.moveTellsTooEarly,
    upTo: 'base',
    preemptions: 0,
  },
];

const { Kernel } = taskMigration.compose({ upTo: '0007' });
const nameOf = (property: (k: For315) => Property): string =>
  property(new Kernel(new Machine())).name;

describe.each(wrongs)('$wrong', ({ property, staging, mutant, preemptions, upTo = '0007' }) => {
  const armed = (k: For315) => [property(k)];
  const signature = `violation ${nameOf(property)}`;

  it(`is found with ${String(preemptions)} preemptions, and not where it is put right`, () => {
    const bounds = { preemptionsMax: preemptions, signature };
    const wrong = prove(kernelProgram(staging, armed, { upTo, mutants: [mutant] }), bounds);
    const right = prove(kernelProgram(staging, armed, { upTo }), bounds);
    expect(wrong.finding).toMatchObject({ signature, preemptions });
    expect(right).toMatchObject({ outcome: 'proved', limited: 0 });
  });
});

it('every invariant of directories has a wrong of its own', () => {
  const tried = new Set(wrongs.map(({ property }) => nameOf(property)));
  expect([...tried]).toEqual(
    directoryInvariants(new Kernel(new Machine())).map(({ name }) => name),
  );
});
