// What the cover letter of the series claims of failures and limits, measured rung by rung: what goes through, what
// fails, and what is left behind where it does.
import { describe, expect, it } from 'vitest';
import { programOf, type Scenario } from '../../scenarios/index.js';
import { attachAllHierarchies } from '../../scenarios/seed-000/attach-all-hierarchies.js';
import { flexArrayLimit } from '../../scenarios/seed-000/flex-array-limit.js';
import { partialTransfer, refusedTransfer } from '../../scenarios/seed-000/partial-transfer.js';
import { processInSeveralSets } from '../../scenarios/seed-000/process-in-several-sets.js';
import { prove, replay } from '../../scheduler/index.js';
import {
  ENOMEM,
  FlexArrayLayout,
  type For315,
  PAGE_SIZE,
  showErrno,
  TASK_AND_CGROUP_SIZE,
  taskMigration,
} from '../../src/kernel/index.js';
import { lockSteps } from '../../src/trace/lock-steps.js';
import { boot, on, run } from '../kernel/go-on.js';

const before0002 = ['pre-siglock', 'base', '0001'];
const before0007 = [...before0002, '0002', '0003', '0004', '0005', '0006'];
const rungs = [...before0007, '0007'];

/** What each rung comes to: `proved`, or how the violation reads. */
function ladder(scenario: Scenario): Record<string, string> {
  return Object.fromEntries(
    rungs.map((upTo) => {
      const { outcome, finding } = prove(programOf(scenario, { upTo }));
      const { verdict } = finding ?? {};
      return [upTo, verdict?.kind === 'violation' ? verdict.message : outcome];
    }),
  );
}

const each = (rungs: readonly string[], said: string): Record<string, string> =>
  Object.fromEntries(rungs.map((rung) => [rung, said]));

describe('the array of targets', () => {
  it('has room for 86,530 of them on the layout of 3.14.1', () => {
    const layout = new FlexArrayLayout(TASK_AND_CGROUP_SIZE, PAGE_SIZE);
    expect(layout).toMatchObject({ bytesLeft: 4072, pointers: 509, perPart: 170, max: 86_530 });
    expect([1, 169, 170, 171, 340, 86_530].map((n) => layout.partsOf(n))).toEqual([
      0, 0, 1, 2, 2, 509,
    ]);
  });

  it('refuses a process that is one thread larger, and from 0002 on there is no array', () => {
    expect(ladder(flexArrayLimit)).toEqual({
      ...each(rungs, 'proved'),
      ...each(before0002, 'the move of leader returned -ENOMEM'),
    });
  });

  it.each(before0002)('at %s takes a process of just its size', (upTo) => {
    expect(moveProcess(upTo, 10)).toEqual([0, 10]);
    expect(moveProcess(upTo, 11)).toEqual([-ENOMEM, 0]);
  });
});

/** Moves a process of so many threads where pages have 64 bytes; what that returned, and how many were moved. */
function moveProcess(upTo: string, threads: number): [ret: number, moved: number] {
  const k = boot(taskMigration.compose({ upTo }).Kernel);
  k.set_page_size(64);
  const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
  const leader = k.task('leader', F);
  for (let t = 1; t < threads; t++) k.thread(leader, `t${String(t)}`);
  let ret = 1;
  const path = function* (cpu: Parameters<For315['do_exit']>[0]) {
    ret = yield* k.attach_task_by_pid(cpu, D, leader, true);
  };
  expect(run(k, [on('attach', leader, path)])).toEqual({ kind: 'ok' });
  return [ret, k.membersOf(D).length];
}

describe('a transfer of which one allocation fails', () => {
  it('has moved some tasks until 0007, which says so', () => {
    expect(ladder(partialTransfer)).toEqual({
      ...each(before0007, 'cgroup_transfer_tasks() returned -ENOMEM, but p was moved'),
      '0007': 'proved',
    });
  });

  it('is all or nothing at 0007 but for a subsystem that refuses', () => {
    expect(ladder(refusedTransfer)['0007']).toBe(
      'cgroup_transfer_tasks() returned -EINVAL, but p was moved',
    );
  });

  const several = ['/a', '/b', '/c'];
  const shared = ['/a', '/a', '/a'];
  const nobodyOrAll = { '0': ['p q r'], '-ENOMEM': ['nobody'] };
  const partial = { '0': ['p q r'], '-ENOMEM': ['nobody', 'p', 'p q'] };

  it('does not tell its caller whom it has moved: one error stands for all of these', () => {
    expect(byResult(['pre-siglock', 'base', '0001', '0002', '0006'], several)).toEqual(
      Object.fromEntries(
        ['pre-siglock', 'base', '0001', '0002', '0006'].map((rung) => [rung, partial]),
      ),
    );
    expect(byResult(['0007'], several)).toEqual({ '0007': nobodyOrAll });
  });

  it('is all or nothing from 0002 on where all tasks are in one css_set: one is allocated', () => {
    expect(byResult(['base', '0001'], shared)).toEqual({ base: partial, '0001': partial });
    expect(byResult(['0002', '0006', '0007'], shared)).toEqual({
      '0002': nobodyOrAll,
      '0006': nobodyOrAll,
      '0007': nobodyOrAll,
    });
  });
});

/**
 * Empties a cgroup of three tasks, in these cgroups of a second hierarchy, with a failure at each allocation in turn
 * and without one: for what is returned, who may have been moved by then.
 */
function byResult(
  rungs: readonly string[],
  places: readonly string[],
): Record<string, Record<string, string[]>> {
  return Object.fromEntries(
    rungs.map((upTo) => {
      const results: Record<string, string[]> = {};
      let allocations = 1;
      for (let nth = 0; nth <= allocations; nth++) {
        const { ret, moved, draws } = failingTransfer(upTo, places, nth);
        allocations = Math.max(allocations, draws);
        const found = (results[showErrno(ret)] ??= []);
        if (!found.includes(moved)) found.push(moved);
      }
      for (const found of Object.values(results)) found.sort();
      return [upTo, results];
    }),
  );
}

function failingTransfer(upTo: string, places: readonly string[], nth: number) {
  const k = boot(taskMigration.compose({ upTo }).Kernel, 1);
  const net = k.hierarchy('net');
  const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
  for (const path of new Set(places)) k.mkdir(path, net);
  const tasks = ['p', 'q', 'r'].map((name, i) => k.task(name, F, `net:${String(places[i])}`));
  const worker = k.task('worker');
  let ret = 1;
  let draws = 0;
  const fails = (draw: number): boolean => {
    draws = draw + 1;
    return draw === nth;
  };
  const path = function* (cpu: Parameters<For315['do_exit']>[0]) {
    ret = yield* k.cgroup_transfer_tasks(cpu, D, F);
  };
  expect(run(k, [on('transfer', worker, path)], fails)).toEqual({ kind: 'ok' });
  const moved = tasks.filter((task) => k.membersOf(D).includes(task)).map(({ name }) => name);
  return { ret, moved: moved.length === 0 ? 'nobody' : moved.join(' '), draws };
}

describe('a move of one process', () => {
  it('was all or nothing before the series, however many css_sets it is in', () => {
    expect(ladder(processInSeveralSets)).toEqual(each(rungs, 'proved'));
  });
});

describe('cgroup_attach_task_all()', () => {
  it('leaves a task where it has come to when a hierarchy fails, on every rung', () => {
    expect(ladder(attachAllHierarchies)).toEqual(
      each(rungs, 'cgroup_attach_task_all() returned -ENOMEM, but worker was moved'),
    );
  });

  it.each(rungs)('takes no lock of the threadgroup at %s', (upTo) => {
    const { trace } = replay(programOf(attachAllHierarchies, { upTo }), []);
    const classes = new Set(lockSteps(trace).map(({ lockClass }) => lockClass));
    expect([...classes].sort()).toEqual(
      upTo === '0006' || upTo === '0007'
        ? ['cgroup_mutex', 'css_set_rwsem']
        : ['alloc_lock', 'cgroup_mutex', 'css_set_rwsem'],
    );
  });
});
