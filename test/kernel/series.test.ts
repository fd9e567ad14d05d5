import { describe, expect, it } from 'vitest';
import {
  dropLock,
  type For315,
  leaveNothingOut,
  pathNames,
  type Patched315,
  taskMigration,
} from '../../src/kernel/index.js';
import { framed, UsageError } from '../../src/machine/index.js';
import { boot, on, run } from './go-on.js';

const label = (composition: Parameters<typeof taskMigration.compose>[0]): string =>
  taskMigration.compose(composition).label;

describe('a series', () => {
  it('lists its rungs from v3.14 to the last fix', () => {
    expect(taskMigration.ladder).toEqual([
      'v3.14',
      'pre-siglock',
      'base',
      '0001',
      '0002',
      '0003',
      '0004',
      '0005',
      '0006',
      '0007',
      'taskset-order',
      'identity-moves',
      'no-releasable',
      'threadgroup-rwsem',
      'fork-threadgroup',
      'transfer-threadgroup',
      'transfer-skips-exiting',
      'no-lazy-lists',
      'split-nodes',
      'v6.12',
      'kill-seq',
      'skip-migrating',
    ]);
  });

  it('is whole by default, and base where only additions are named', () => {
    expect(taskMigration.compose().applied).toHaveLength(taskMigration.patches.length);
    expect(taskMigration.compose({ upTo: '0007' }).applied).toHaveLength(8);
    expect(taskMigration.compose({ with: ['0006'] }).applied).toEqual(['siglock', '0006']);
    expect(taskMigration.compose({ upTo: 'pre-siglock' }).applied).toEqual([]);
  });

  it('says in the label of a rung what is missing', () => {
    expect(taskMigration.ladder.map((upTo) => label({ upTo }))).toEqual(taskMigration.ladder);
    expect(label({ upTo: 'siglock' })).toBe('base');
    expect(label({ upTo: '0006', without: ['0005'] })).toBe('0006 without 0005');
    expect(label({ upTo: '0007', without: ['siglock'] })).toBe('0007 without siglock');
    expect(label({ with: ['0006'] })).toBe('base with 0006');
    expect(label({ upTo: 'base', elide: ['exit_mm', 'exit_fs'] })).toBe(
      'base, eliding exit_mm, eliding exit_fs',
    );
    expect(
      label({
        upTo: '0007',
        mutants: [dropLock<For315>('cgroup_post_fork', 'css_set_rwsem')],
      }),
    ).toBe('0007, cgroup_post_fork without css_set_rwsem');
    expect(
      taskMigration.compose({ upTo: '0006', without: ['0005', '0001', '0002', '0004'] }).missing,
    ).toEqual(['0001', '0002', '0004', '0005']);
  });

  it('has older forms beside the patches, in no rung but those that name them', () => {
    const applied = (composition: Parameters<typeof taskMigration.compose>[0]) =>
      taskMigration.compose(composition).applied;
    expect(applied({ upTo: 'v3.14' })).toEqual(['scan-tasks', 'lock-per-task']);
    expect(applied({ upTo: 'pre-siglock' })).toEqual([]);
    expect(applied({ with: ['lock-per-task', '0001'] })).toEqual([
      'lock-per-task',
      'siglock',
      '0001',
    ]);
    expect(label({ upTo: 'v3.14', without: ['scan-tasks'] })).toBe(
      'pre-siglock with lock-per-task',
    );
    expect(label({ upTo: 'v3.14', with: ['siglock'] })).toBe('base with scan-tasks lock-per-task');
    expect(label({ upTo: '0007', with: ['scan-tasks'], without: ['0005'] })).toBe(
      '0004 with scan-tasks 0006 0007',
    );
  });

  it.each([
    [
      { with: ['0008'] },
      'no patch "0008"; its patches are: scan-tasks, lock-per-task, siglock, 0001',
    ],
    [{ without: ['v2'] }, 'no patch "v2"'],
    [{ upTo: '5' }, 'no rung "5"; choose one of: v3.14, pre-siglock, base, 0001'],
    [{ upTo: 'constructor' }, 'no rung "constructor"'],
    [{ without: ['0001'] }, '0002 builds on 0001, which is left out: add 0001'],
    [{ upTo: '0004', without: ['0003'] }, '0004 builds on 0003'],
    [{ with: ['0007'] }, '0007 builds on 0004'],
    [{ elide: ['exit-middle'] }, '"exit-middle" cannot be elided; what can be elided: exit_mm'],
    [{ fill: ['exit_mm'] }, '"exit_mm" cannot be filled; what can be filled: acct_collect'],
  ])('refuses %o', (composition, message) => {
    const compose = () => taskMigration.compose(composition);
    expect(compose).toThrow(UsageError);
    expect(compose).toThrow(message);
  });

  it('composes every subset of what was posted that has what its patches need', () => {
    const names = ['siglock', '0001', '0002', '0003', '0004', '0005', '0006', '0007'];
    let composed = 0;
    for (let bits = 0; bits < 1 << names.length; bits++) {
      const chosen = names.filter((_, i) => (bits & (1 << i)) !== 0);
      const has = (name: string) => chosen.includes(name);
      const complete =
        (!has('0002') || has('0001')) &&
        (!has('0004') || (has('0002') && has('0003'))) &&
        (!has('0007') || has('0004'));
      const compose = () => taskMigration.compose({ upTo: 'pre-siglock', with: chosen });
      if (!complete) {
        expect(compose).toThrow(UsageError);
        continue;
      }
      composed++;
      expect(boot(compose().Kernel).tasks()).toEqual([]);
    }
    expect(composed).toBe(64);
  });
});

describe('the elisions', () => {
  const variants = taskMigration.variants?.map(({ name }) => name) ?? [];
  const { Kernel } = taskMigration.compose({ upTo: taskMigration.ladder.at(-1), with: variants });
  const listed = taskMigration.elisions.map((elision) => elision.path);

  it('cover every path, or the path leaves nothing out', () => {
    expect([...new Set([...listed, ...leaveNothingOut])].sort()).toEqual(pathNames(Kernel));
  });

  it('have names of their own, and never a path that leaves nothing out', () => {
    const ids = taskMigration.elisions.map((elision) => elision.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(listed.filter((path) => leaveNothingOut.includes(path))).toEqual([]);
  });

  it('are named by a rung as long as they are in force', () => {
    const inForce = (composition: Parameters<typeof taskMigration.compose>[0]) =>
      taskMigration.compose(composition).elisions.map((elision) => elision.id);
    expect(inForce({})).not.toContain('exit_mm');
    expect(inForce({})).toContain('acct_collect');
    expect(inForce({ elide: ['exit_mm'] })).toContain('exit_mm');
    expect(inForce({ fill: ['acct_collect'] })).not.toContain('acct_collect');
    expect(inForce({ upTo: 'base' })).not.toContain('cgrp_links-walk-of-cset');
  });
});

describe('dropLock', () => {
  const drop = dropLock<Patched315>('cgroup_task_migrate', 'alloc_lock');

  /** Attaches one task, and returns the calls and the steps of that. */
  const attach = (mutants: (typeof drop)[]): string[] => {
    const { Kernel } = taskMigration.compose({ upTo: '0004', mutants });
    const k = boot(framed(Kernel));
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const p = k.task('p', F);
    const seen: string[] = [];
    k.machine.trace({
      enter: (_thread, name) => seen.push(`${name}()`),
      leave: () => undefined,
      step: (op) => seen.push(op.primitive.name),
      note: () => undefined,
      emitted: () => undefined,
      verdict: () => undefined,
    });
    run(k, [on('attach', p, (cpu) => k.attach_task_by_pid(cpu, D, p, false))]);
    return seen;
  };

  it('drops one class of locks in the last override of a path, and in what that calls', () => {
    expect(attach([])).toContain('spin_lock');
    expect(attach([drop])).not.toContain('spin_lock');
    expect(attach([drop])).toContain('mutex_lock');
  });

  it('leaves the call of the path one frame under its own name', () => {
    const calls = (seen: string[]): string[] => seen.filter((what) => what.endsWith('()'));
    expect(calls(attach([drop]))).toEqual(calls(attach([])));
    expect(calls(attach([])).filter((name) => name === 'cgroup_task_migrate()')).toHaveLength(1);
  });

  it('refuses a path that the rung does not have', () => {
    const gone = dropLock<Patched315>('cgroup_migrate', 'css_set_rwsem');
    expect(() => taskMigration.compose({ upTo: 'base', mutants: [gone] })).toThrow(
      'no path cgroup_migrate; choose one of: __exit_signal, __kill_css',
    );
  });
});
