// The history of attach, fix by fix: what each one is needed for, which of them changes nothing, and that every path
// says what it leaves out.
import { describe, expect, it } from 'vitest';
import { everyTaskIsLinked, taskInvariants } from '../../properties/index.js';
import { gallery, on, programOf, scenario, type Scenario } from '../../scenarios/index.js';
import { prove, replay } from '../../scheduler/index.js';
import { type Composition, pathNames, v2626 } from '../../src/kernel/index.js';
import { Machine, UsageError } from '../../src/machine/index.js';

const { attachHistory, elisions, leaveNothingOut } = v2626;

describe('the elisions of the era', () => {
  it('cover its paths, together with those that leave nothing out', () => {
    const listed = elisions.map((elision) => elision.path);
    const { Kernel } = attachHistory.compose();
    expect([...new Set([...listed, ...leaveNothingOut])].sort()).toEqual(pathNames(Kernel));
    expect(listed.filter((path) => leaveNothingOut.includes(path))).toEqual([]);
  });

  it('have names of their own', () => {
    const ids = elisions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the initial state', () => {
  const boot = (): v2626.V2626 => new v2626.V2626(new Machine());

  it('counts css_sets and tasks', () => {
    const k = boot();
    const F = k.mkdir('/F');
    const [a, b] = [k.task('a', F), k.task('b', '/F')];
    expect(k.thread(a, 'c').cgroups.peek()).toBe(b.cgroups.peek());
    expect([F.count.peek(), k.cssSetOf(a).refcount.peek()]).toEqual([1, 3]);
    expect(k.tasksOn(k.cssSetOf(a)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('refuses paths that cannot be', () => {
    const k = boot();
    expect(() => k.mkdir('F')).toThrow(UsageError);
    expect(() => k.mkdir('/F/G')).toThrow(/there is no cgroup "\/F"/);
    expect(() => k.task('a', '/F')).toThrow(UsageError);
    k.task('b');
    expect(() => {
      k.before_first_iteration();
    }).toThrow(/before the first task/);
  });
});

/** How it ends with at most one preemption, as the signature of a failure, or `clear`. */
function outcome(
  of: Scenario,
  composition: Composition<object>,
  leaveOut: readonly string[] = [],
): string {
  const program = programOf(of, composition, undefined, leaveOut);
  const { finding, outcome, limited } = prove(program, { preemptionsMax: 1 });
  if (finding !== undefined) return finding.signature;
  return outcome === 'proved' && limited === 0 ? 'clear' : outcome;
}

const scenarioOf = (id: string): Scenario => {
  const entry = gallery.find((one) => one.id === id);
  if (entry === undefined) throw new Error(`the gallery has no ${id}`);
  return entry.scenario;
};

describe('each fix of the race of attach against the last exit', () => {
  const freed = 'panic use after free: read() on cset_F.subsys';

  it.each([
    [{ upTo: 'v2.6.29' }, freed],
    [{ upTo: 'v2.6.32', without: ['hold-old-css-set'] }, freed],
    [{ upTo: 'v2.6.32', without: ['cgroup-from-links'] }, freed],
    [{ upTo: 'v2.6.32', without: ['free-by-rcu'] }, 'clear'],
  ] as const)('%o: %s', (composition, expected) => {
    expect(outcome(scenarioOf('R12'), composition, ['other_exit'])).toBe(expected);
  });
});

describe('the race of the enabling against an exit', () => {
  const again = 'violation I-03 an exited task is never linked again';
  const sections = ['exit_mm', 'exit_files', 'exit_fs'];

  it.each(sections)('is kept out by the task_lock of %s alone', (kept) => {
    const elide = sections.filter((section) => section !== kept);
    expect(outcome(scenarioOf('R02'), { upTo: 'base', elide }, ['fork'])).toBe('clear');
  });

  it('is there without all three of them', () => {
    const composition = { upTo: 'base', elide: sections };
    expect(outcome(scenarioOf('R02'), composition, ['fork'])).toBe(again);
  });
});

/** A child that is on the tasklist and not linked yet, as between copy_process() and the end of its hooks. */
const halfForked = scenario({
  name: 'half-forked',
  about: 'A child is attached while its fork links it, and somebody reads the list.',
  series: attachHistory,
  setup: (k, m) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    k.before_first_iteration();
    const child = k.task('child', F);
    m.settle(k.use_task_css_set_links, true);
    return { D, child };
  },
  actors: ({ k, D, child }) => ({
    fork: (cpu) => k.cgroup_post_fork(cpu, child),
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, child);
    },
  }),
  properties: ({ k }) => taskInvariants(k),
});

describe('the lock that b12b533fa523 adds to cgroup_post_fork()', () => {
  it('changes nothing: css_set_lock has attach move the child after it was linked', () => {
    for (const upTo of ['put-under-lock', 'lock-post-fork']) {
      const { outcome, limited } = prove(programOf(halfForked, { upTo }));
      expect([upTo, outcome, limited]).toEqual([upTo, 'proved', 0]);
    }
  });
});

/** A list of two, of which one is on its way elsewhere. */
const readerVsAttach = scenario({
  name: 'reader-vs-attach',
  about: 'The tasks of a cgroup are read while one of them is attached elsewhere.',
  series: attachHistory,
  setup: (k) => {
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    return { F, D, task: k.task('task', F) };
  },
  actors: ({ k, F, D, task }) => ({
    *cat(cpu) {
      yield* k.pid_array_load(cpu, F);
    },
    *attach(cpu) {
      yield* k.attach_task_by_pid(cpu, D, task);
    },
  }),
  properties: ({ k }) => [everyTaskIsLinked(k)],
});

describe('a reader of a list that a task is about to leave', () => {
  it('does not notice the end of the list until 2019f634ce59', () => {
    const lost = 'panic BUG: the head of a list is taken for a task';
    expect(outcome(readerVsAttach, { upTo: 'lock-post-fork' })).toBe(lost);
    expect(outcome(readerVsAttach, { upTo: 'iter-by-link' })).toBe('clear');
  });
});

describe('release', () => {
  /** A task leaves /F, which wants to know. */
  const leaving = scenario({
    name: 'leaving',
    about: 'The last task of a cgroup exits or is moved.',
    series: attachHistory,
    setup: (k) => {
      const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
      k.notify_on_release(F);
      return { D, task: k.task('task', F) };
    },
    actors: ({ k, D, task }) => ({
      exit: on(task, (cpu) => k.do_exit(cpu)),
      *attach(cpu) {
        yield* k.attach_task_by_pid(cpu, D, task);
      },
    }),
    properties: ({ k }) => taskInvariants(k),
  });

  it.each(['exit', 'attach'])('of the last task is told after %s', (actor) => {
    const other = actor === 'exit' ? 'attach' : 'exit';
    const program = programOf(leaving, { upTo: 'v2.6.39' }, undefined, [other]);
    const told = replay(program, []).trace.entries.filter(
      (entry) => entry.kind === 'event' && entry.name === 'a release is to be told',
    );
    expect(told).toHaveLength(1);
  });
});
