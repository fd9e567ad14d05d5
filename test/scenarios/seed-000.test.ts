// What the series "cgroup: update task migration path" does to its three races, rung by rung. These are the
// answers that the project exists for, so they stand here as a table.
import { describe, expect, it } from 'vitest';
import { neverLinkedAgain } from '../../properties/index.js';
import {
  enableVsExit,
  forkVsAttach,
  forkVsTransfer,
  programOf,
  type Scenario,
} from '../../scenarios/index.js';
import { type Finding, prove, replay } from '../../scheduler/index.js';
import { type Composition, type For315, taskMigration } from '../../src/kernel/index.js';
import type { Trace } from '../../src/trace/trace.js';
import { kernelProgram } from '../properties/kernel-program.js';
import { enableVsExitOfProcess } from '../properties/stagings.js';

type Patches = Omit<Composition<For315>, 'mutants'>;

const sections = ['exit_mm', 'exit_files', 'exit_fs'];

/** How the race ends, and with how many preemptions at the least: `I-10 after 1`, or `clear to 1`. */
function outcome(scenario: Scenario, composition: Patches, preemptionsMax = 1): string {
  const proof = prove(programOf(scenario, composition), { preemptionsMax });
  const { finding, minimal, limited } = proof;
  if (finding === undefined) {
    return proof.outcome === 'proved' && limited === 0
      ? `clear to ${String(proof.exhaustedTo)}`
      : proof.outcome;
  }
  return `${bugOf(finding)} after ${String(finding.preemptions)}${minimal ? '' : ', perhaps fewer'}`;
}

/** The number of the invariant, or what the kernel itself says. */
function bugOf({ verdict, signature }: Finding): string {
  return verdict.kind === 'violation'
    ? verdict.property.slice(0, 4)
    : signature.replace(/^\w+ /, '');
}

function table(
  scenario: Scenario,
  compositions: readonly Patches[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    compositions.map((composition) => [
      taskMigration.compose(composition).label,
      outcome(scenario, composition),
    ]),
  );
}

/** The series as it was posted; what came later is in later-fixes.test.ts. */
const posted = taskMigration.ladder.slice(
  taskMigration.ladder.indexOf('pre-siglock'),
  taskMigration.ladder.indexOf('0007') + 1,
);
const ladder: readonly Patches[] = posted.map((upTo) => ({ upTo }));
const withoutPatches: readonly Patches[] = [
  { with: ['0006'] },
  { upTo: '0006', without: ['0005'] },
  { upTo: '0007', without: ['0005'] },
  { upTo: '0006', without: ['siglock'] },
  { upTo: '0007', without: ['siglock'] },
];
const freed = 'use after free: atomic_inc() on cset_F.refcount';

describe('fork against transfer', () => {
  it('leaves the child behind until 0005, and without it 0006 makes that a use after free', () => {
    expect(table(forkVsTransfer, [...ladder, ...withoutPatches])).toEqual({
      'pre-siglock': 'I-10 after 1',
      base: 'I-10 after 1',
      '0001': 'I-10 after 1',
      '0002': 'I-10 after 1',
      '0003': 'I-10 after 1',
      '0004': 'I-10 after 1',
      '0005': 'clear to 1',
      '0006': 'clear to 1',
      '0007': 'clear to 1',
      'base with 0006': `${freed} after 1`,
      '0006 without 0005': `${freed} after 1`,
      '0007 without 0005': `${freed} after 1`,
      '0006 without siglock': 'clear to 1',
      '0007 without siglock': 'clear to 1',
    });
  });

  it.each(['0005', '0006', '0007'])('is clear at %s with two preemptions as well', (upTo) => {
    expect(outcome(forkVsTransfer, { upTo }, 2)).toBe('clear to 2');
  });

  it('goes wrong as the cover letter says: taken, moved, found empty, linked', () => {
    const program = programOf(forkVsTransfer, { upTo: 'base' });
    const { finding } = prove(program);
    const { trace, mismatch } = replay(program, finding?.schedule ?? []);
    expect(mismatch).toBeUndefined();
    expect(trace).toMatchObject({ preemptions: 1, switches: 2, verdict: finding?.verdict });
    const steps = [
      'fork cgroup_fork: atomic_inc(cset_F->refcount)',
      'fork cgroup_fork: child->cgroups = cset_F',
      'transfer cgroup_task_migrate: parent->cgroups = new_cset',
      'transfer cgroup_task_migrate: list_move(parent, new_cset->tasks)',
      'transfer cgroup_transfer_tasks: first of cset_F->tasks: none',
      'fork cgroup_post_fork: list_add(child, cset_F->tasks)',
    ];
    expect(inOrder(trace, steps)).toEqual(steps);
  });
});

describe('fork against attach', () => {
  it('leaves the child behind until 0005, and without it 0006 makes that a use after free', () => {
    expect(table(forkVsAttach, [...ladder, ...withoutPatches])).toEqual({
      'pre-siglock': 'I-10 after 1',
      base: 'I-10 after 1',
      '0001': 'I-10 after 1',
      '0002': 'I-10 after 1',
      '0003': 'I-10 after 1',
      '0004': 'I-10 after 1',
      '0005': 'clear to 1',
      '0006': 'clear to 1',
      '0007': 'clear to 1',
      'base with 0006': `${freed} after 1`,
      '0006 without 0005': `${freed} after 1`,
      '0007 without 0005': `${freed} after 1`,
      '0006 without siglock': 'clear to 1',
      '0007 without siglock': 'clear to 1',
    });
  });

  it('is clear at 0005 with two preemptions as well', () => {
    expect(outcome(forkVsAttach, { upTo: '0005' }, 2)).toBe('clear to 2');
  });

  it('frees the css_set between the two steps of cgroup_fork() that task_lock held together', () => {
    const program = programOf(forkVsAttach, { upTo: '0006', without: ['0005'] });
    const { finding } = prove(program, { preemptionsMax: 1 });
    const { trace } = replay(program, finding?.schedule ?? []);
    const steps = [
      'fork cgroup_fork: read parent->cgroups: cset_F',
      'attach cgroup_task_migrate: parent->cgroups = new_cset',
      'attach put_css_set_locked: atomic_dec_and_test(cset_F->refcount): 0',
      'attach put_css_set_locked: kfree(cset_F)',
      'fork cgroup_fork: atomic_inc(cset_F->refcount)',
    ];
    expect(inOrder(trace, steps)).toEqual(steps);
  });

  it('can bring the css_set back to life, where it is not freed at once', () => {
    const program = programOf(forkVsAttach, { upTo: '0006', without: ['0005'] });
    const signature = 'violation I-07 no reference is taken on, or given back to, a dead object';
    const { finding, minimal } = prove(program, { preemptionsMax: 2, signature });
    expect(finding?.verdict).toMatchObject({ message: 'cset_F.refcount goes from 0 to 1' });
    expect([finding?.preemptions, minimal]).toEqual([2, true]);
  });
});

describe('the first mount against the exit of a thread', () => {
  const elisions: readonly Patches[] = [
    ...['pre-siglock', 'base', '0007'].map((upTo) => ({ upTo, elide: sections })),
    ...sections.map((one) => ({
      upTo: 'pre-siglock',
      elide: sections.filter((other) => other !== one),
    })),
  ];

  it('is kept apart by the siglock fix, or by task_lock in any part of the exit until 0006', () => {
    expect(table(enableVsExit, [...ladder, ...withoutPatches, ...elisions])).toEqual({
      'pre-siglock': 'clear to 1',
      base: 'clear to 1',
      '0001': 'clear to 1',
      '0002': 'clear to 1',
      '0003': 'clear to 1',
      '0004': 'clear to 1',
      '0005': 'clear to 1',
      '0006': 'clear to 1',
      '0007': 'clear to 1',
      'base with 0006': 'clear to 1',
      '0006 without 0005': 'clear to 1',
      '0007 without 0005': 'clear to 1',
      '0006 without siglock': 'I-03 after 1',
      '0007 without siglock': 'I-03 after 1',
      'pre-siglock, eliding exit_mm, eliding exit_files, eliding exit_fs': 'I-03 after 1',
      'base, eliding exit_mm, eliding exit_files, eliding exit_fs': 'clear to 1',
      '0007, eliding exit_mm, eliding exit_files, eliding exit_fs': 'clear to 1',
      'pre-siglock, eliding exit_files, eliding exit_fs': 'clear to 1',
      'pre-siglock, eliding exit_mm, eliding exit_fs': 'clear to 1',
      'pre-siglock, eliding exit_mm, eliding exit_files': 'clear to 1',
    });
  });

  it.each([{ upTo: 'pre-siglock' }, { upTo: 'base' }, { upTo: '0007' }])(
    'is clear at $upTo with two preemptions as well',
    (composition) => {
      expect(outcome(enableVsExit, composition, 2)).toBe('clear to 2');
    },
  );

  it('goes wrong between the test of PF_EXITING and the link', () => {
    const program = programOf(enableVsExit, { upTo: 'pre-siglock', elide: sections });
    const { finding } = prove(program);
    const { trace } = replay(program, finding?.schedule ?? []);
    const steps = [
      'mount cgroup_enable_task_cg_lists: read thread->flags: 0',
      'exit exit_signals: thread->flags |= PF_EXITING',
      'exit cgroup_exit: list_empty(thread->cg_list): yes',
      'mount cgroup_enable_task_cg_lists: list_add(thread, init_css_set->tasks)',
    ];
    expect(inOrder(trace, steps)).toEqual(steps);
  });
});

describe('the first mount against the exit of a process of one thread', () => {
  /** Its exit_signals() sets PF_EXITING without siglock, so the fix does not reach it. */
  const outcomeOf = (composition: Patches): string => {
    const program = kernelProgram(enableVsExitOfProcess, (k) => [neverLinkedAgain(k)], composition);
    const { finding, minimal } = prove(program, { preemptionsMax: 1 });
    if (finding === undefined) return 'clear to 1';
    return `${bugOf(finding)} after ${String(finding.preemptions)}, ${minimal ? 'minimal' : ''}`;
  };

  it('is open to the very end of the series, once 0006 has dropped task_lock', () => {
    expect(outcomeOf({ upTo: 'base' })).toBe('clear to 1');
    expect(outcomeOf({ upTo: '0005' })).toBe('clear to 1');
    expect(outcomeOf({ upTo: '0006' })).toBe('I-03 after 1, minimal');
    expect(outcomeOf({ upTo: '0007' })).toBe('I-03 after 1, minimal');
  });

  it('is open at base for a task without mm, files and fs, and closed by BSD accounting', () => {
    expect(outcomeOf({ upTo: 'base', elide: sections })).toBe('I-03 after 1, minimal');
    expect(outcomeOf({ upTo: 'base', elide: sections, fill: ['acct_collect'] })).toBe('clear to 1');
    expect(outcomeOf({ upTo: '0007', fill: ['acct_collect'] })).toBe('clear to 1');
  });
});

/** Those of the statements that the trace has, in the order of the trace, from each one on; `thread function: text`. */
function inOrder(trace: Trace, wanted: readonly string[]): string[] {
  const found: string[] = [];
  for (const { thread, functions, text } of statements(trace)) {
    const next = wanted[found.length];
    const said = functions.map((name) => `${thread} ${name}: ${text}`);
    if (next !== undefined && said.includes(next)) found.push(next);
  }
  return found;
}

interface Statement {
  readonly thread: string;
  /** The open functions, outermost first. */
  readonly functions: readonly string[];
  readonly text: string;
}

function statements(trace: Trace): Statement[] {
  const open = trace.threads.map((): string[] => []);
  const found: Statement[] = [];
  for (const entry of trace.entries) {
    if (entry.kind === 'event' || entry.kind === 'verdict') continue;
    const functions = open[entry.thread] ?? [];
    if (entry.kind === 'enter') functions.push(entry.name);
    else if (entry.kind === 'leave') functions.pop();
    else {
      const thread = trace.threads[entry.thread]?.name ?? '';
      found.push({ thread, functions: [...functions], text: entry.text });
    }
  }
  return found;
}
