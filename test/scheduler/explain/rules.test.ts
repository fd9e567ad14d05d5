// The explanation of every broken rule example whose schedules can all be run, against all of them: interrupts, TSO,
// RCU, timers, wait queues and loops among them.
import { expect, it } from 'vitest';
import { programOf, ruleThemes } from '../../../scenarios/index.js';
import { explain } from '../../../scheduler/explain/index.js';
import { criticalStep, everyRun } from './brute-force.js';

it('the critical step of each broken rule is the one that all executions together show', () => {
  let explained = 0;
  for (const { broken, stepsMax } of ruleThemes.flatMap(({ rules }) => rules)) {
    if (broken.faults > 0 || stepsMax !== undefined) continue;
    const program = programOf(broken);
    const runs = everyRun(program, 600);
    const failing = runs?.filter(({ kind }) => kind !== 'ok' && kind !== 'limit') ?? [];
    const [run] = failing.sort((a, b) => a.schedule.length - b.schedule.length);
    if (runs === undefined || run === undefined) continue;
    explained++;
    const { critical, pair } = explain(program, run.schedule, { likelyWays: 0 });
    const expected = criticalStep(run, runs);
    const where = `${program.name}: ${run.threads.join(' ')}`;
    if (expected < 0) expect(critical, where).toEqual({ kind: 'always' });
    else expect(critical, where).toMatchObject({ kind: 'step', step: { step: expected } });
    if (pair?.kind === 'pair') expect(pair.about, where).not.toEqual([]);
  }
  expect(explained).toBeGreaterThan(60);
});
