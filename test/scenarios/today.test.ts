// The scenarios of seed 000 on the rung v6.12, unchanged: what is proved there, and what is not.
import { describe, expect, it } from 'vitest';
import { migrationScenarios, programOf } from '../../scenarios/index.js';
import { prove, replay } from '../../scheduler/index.js';
import { pathNames, taskMigration } from '../../src/kernel/index.js';

const rungs = ['v6.12', 'skip-migrating'];

/** What is broken there, and how it reads; everything else is proved with one preemption. */
const broken: Readonly<Record<string, readonly [rungs: readonly string[], signature: string]>> = {
  // One taskset for several processes came for the default hierarchy only: a veto on the second still leaves the first.
  'refused-transfer': [rungs, 'violation I-09 what failed has moved nobody'],
  // Hierarchies are still joined one after the other.
  'attach-all-hierarchies': [rungs, 'violation I-09 what failed has moved nobody'],
  'tasks-vs-migration': [['v6.12'], 'violation I-01b a walk meets every linked task once'],
};

describe.each(rungs)('at %s', (upTo) => {
  it.each(migrationScenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s is as it should be',
    (name, scenario) => {
      const { outcome, finding } = prove(programOf(scenario, { upTo }), { preemptionsMax: 1 });
      const [where, signature] = broken[name] ?? [[], ''];
      if (where.includes(upTo)) expect(finding?.signature).toBe(signature);
      else expect([outcome, finding?.signature]).toEqual(['proved', undefined]);
    },
  );
});

describe('a read of the tasks of a cgroup at v6.12', () => {
  it('misses who comes after a task that is being moved: it goes on along mg_tasks', () => {
    const scenario = migrationScenarios.find(({ name }) => name === 'tasks-vs-migration');
    if (scenario === undefined) throw new Error('no such scenario');
    const program = programOf(scenario, { upTo: 'v6.12' });
    const { finding, minimal } = prove(program, { preemptionsMax: 1 });
    expect([finding?.preemptions, minimal]).toEqual([1, true]);
    expect(finding?.verdict).toMatchObject({ message: 'other is in /F and was not listed' });
    const { trace } = replay(program, finding?.schedule ?? []);
    const steps = trace.entries.flatMap((entry) => (entry.kind === 'step' ? [entry.text] : []));
    const wanted = [
      'stack of read->it.task_pos = task->cg_list',
      'list_move_tail(task, cset_F->mg_tasks)',
      'stack of read->it.task_pos = cset_F->mg_tasks',
    ];
    expect(steps.filter((text) => wanted.includes(text))).toEqual(wanted);
  });
});

it('no path that v6.12 can come to takes a lock that it does not have any more', () => {
  const { Kernel } = taskMigration.compose({ upTo: 'v6.12' });
  const methods = Kernel.prototype as unknown as Readonly<Record<string, unknown>>;
  // Those of the form that it has replaced: nobody calls them.
  const gone = [
    'cgroup_enable_task_cg_lists',
    'cgroup_task_migrate',
    'collect_targets',
    'commit_targets',
    'find_destinations',
    'snapshot_threads',
    'css_advance_task_iter',
    // Of rmdir, which this rung does not have in the form of v6.12 yet.
    'may_destroy',
  ];
  const old = pathNames(Kernel).filter((path) =>
    /css_set_rwsem|group_rwsem\b/.test(
      String(methods[path]).replace(/cgroup_threadgroup_rwsem/g, ''),
    ),
  );
  expect(old.filter((path) => !gone.includes(path))).toEqual([]);
});
