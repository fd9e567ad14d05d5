// What an explanation says of races that are understood: textbook programs, and the ones of the seeds.
import { describe, expect, it } from 'vitest';
import { deadlock01, twostage, wronglock } from '../../../bench/yardsticks/programs/bugs.js';
import {
  enableVsLoneExit,
  forkVsTransfer,
  programOf,
  ruleScenarios,
} from '../../../scenarios/index.js';
import { explain, type Explanation } from '../../../scheduler/explain/index.js';
import { type Program, prove } from '../../../scheduler/index.js';
import { atEnd, type Cpu, type Path, UsageError } from '../../../src/machine/index.js';
import { program } from '../../support/program.js';
import { lostUpdate } from '../../support/samples.js';

/** Explains a failure with the fewest preemptions. */
function explained(program: Program, preemptionsMax = 1): Explanation {
  const { finding } = prove(program, { preemptionsMax, runsMax: 20_000 });
  if (finding === undefined) throw new Error(`${program.name} does not fail`);
  return explain(program, finding.schedule);
}

/** The pair in short: what came first, and what would have had to. */
function orderOf({ pair }: Explanation): readonly string[] {
  if (pair?.kind !== 'pair') return [String(pair?.kind)];
  const { taken, other } = pair;
  return [`${taken.thread}: ${taken.text}`, `${other.thread}: ${other.text}`];
}

const letters = {
  fails: 'F',
  'fails otherwise': 'f',
  'ends well': '.',
  impossible: '!',
  unknown: '?',
} as const;

function windowOf({ window }: Explanation): string {
  return window?.places.map((place) => letters[place]).join('') ?? 'none';
}

describe('the explanation', () => {
  it('of a lost update: the other one read before the first one had written', () => {
    const explanation = explained(lostUpdate());
    expect(explanation.critical).toMatchObject({ kind: 'step', step: { step: 1 } });
    expect(orderOf(explanation)).toEqual(['b: read x: 0', 'a: x = 1']);
    expect(explanation.pair).toMatchObject({ about: ['x'], isSameOrder: true });
    expect(windowOf(explanation)).toBe('.F.');
  });

  it('of a deadlock: both hold what the other one wants', () => {
    const explanation = explained(deadlock01());
    expect(orderOf(explanation)).toEqual(['t2: mutex_lock(b)', 't1: mutex_lock(b)']);
    expect(explanation.pair).toMatchObject({ about: ['b'] });
    expect(windowOf(explanation)).toBe('.F!!!!.');
  });

  it('of two sections that belong together: the reader came in between', () => {
    const explanation = explained(twostage(1, 1));
    expect(orderOf(explanation)).toEqual(['B0: mutex_lock(l2)', 'A0: mutex_lock(l2)']);
    expect(explanation.pair).toMatchObject({ about: ['l2'], guarded: ['data2'] });
    expect(windowOf(explanation)).toMatch(/^\.!!F+!*\.*$/);
  });

  it('of two locks for one variable: the locks are not what decides', () => {
    const explanation = explained(wronglock(1, 1));
    expect(explanation.pair).toMatchObject({ kind: 'pair', about: ['v'] });
  });

  it('of a lost wake-up: the sleeper looked before the flag was set, and queued after the wake-up', () => {
    const lost = ruleScenarios().find(({ name }) => name === 'look-then-queue');
    if (lost === undefined) throw new Error('there is no such rule');
    const explanation = explained(programOf(lost));
    expect(explanation.signature).toBe('lost wakeup sleeper');
    expect(orderOf(explanation)).toEqual([
      'waker: wake_up(wq): nobody sleeps',
      'sleeper: prepare_to_wait(wq)',
    ]);
    expect(explanation.pair).toMatchObject({ about: ['wq'], isSameOrder: true });
  });
});

describe('the explanation of seed 000', () => {
  it('fork-vs-transfer: the transfer took css_set_rwsem before the child was linked', () => {
    const explanation = explained(programOf(forkVsTransfer));
    expect(explanation.pair).toMatchObject({
      taken: { thread: 'transfer', function: 'commit_targets' },
      other: { thread: 'fork', function: 'cgroup_post_fork', text: 'down_write(css_set_rwsem)' },
      about: ['css_set_rwsem'],
      isSameOrder: true,
    });
    expect(explanation.pair).toHaveProperty('guarded', ['cset_F->tasks', 'parent->cg_list']);
    expect(windowOf(explanation)).toBe('.!!!!FFFFFFFFFF!!!!!!.');
  });

  it('enable-vs-lone-exit: the exit looked at its list between the test of PF_EXITING and the linking', () => {
    const explanation = explained(programOf(enableVsLoneExit, { upTo: '0006' }));
    expect(explanation.pair).toMatchObject({
      taken: { thread: 'exit', function: 'cgroup_exit' },
      other: { thread: 'mount', function: 'link_unless_exiting' },
      about: ['lone->cg_list'],
    });
    expect(explanation.window).toMatchObject({
      opens: { function: 'is_exiting' },
      closes: { function: 'link_unless_exiting' },
    });
  });
});

describe('an explanation', () => {
  it('of a program that always fails names no order', () => {
    const always = program('always', (m) => {
      const x = m.cell('x', 0);
      function* add(cpu: Cpu): Path {
        yield* cpu.fetch_add(x, 1);
      }
      return { actors: { a: add, b: add }, properties: [atEnd('p', () => x.peek() < 2)] };
    });
    const { critical, pair, window } = explain(always, []);
    expect({ critical, pair, window }).toEqual({ critical: { kind: 'always' } });
  });

  it('refuses a schedule that does not fail', () => {
    expect(() => explain(lostUpdate(), [])).toThrow(UsageError);
  });

  it('that is cut off says between which steps it is, and no more', () => {
    const { finding } = prove(programOf(forkVsTransfer), { preemptionsMax: 1 });
    const schedule = finding?.schedule ?? [];
    const whole = explain(programOf(forkVsTransfer), schedule).critical;
    const { critical, pair } = explain(programOf(forkVsTransfer), schedule, {
      stepsInAll: 20_000,
      stepsPerAnswer: 3_000,
    });
    expect([critical.kind, whole.kind]).toEqual(['between', 'step']);
    if (critical.kind !== 'between' || whole.kind !== 'step') return;
    expect(critical.first.step).toBeLessThanOrEqual(whole.step.step);
    expect(critical.last.step).toBeGreaterThanOrEqual(whole.step.step);
    expect(pair).toBeUndefined();
  });
});
