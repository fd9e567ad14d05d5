// The critical step and the deciding pair against brute force over every execution of small programs.
import { describe, expect, it } from 'vitest';
import { explain } from '../../../scheduler/explain/index.js';
import { Execution, Follow } from '../../../scheduler/index.js';
import type { Program, Schedule } from '../../../scheduler/index.js';
import { describe as sentence } from '../../../src/machine/index.js';
import { criticalStep, everyRun } from './brute-force.js';
import { randomProgram } from './random-program.js';

function outcomeOf(program: Program, schedule: Schedule): string {
  const machine = program.build('search');
  const follow = new Follow(schedule, () => execution.asked, true);
  const execution: Execution = new Execution(machine, follow);
  return sentence(execution.run());
}

/** How many steps the fixed thread had taken when the steps around the critical one began. */
function placeOfFailure(threads: readonly string[], critical: number, fixed: string): number {
  let start = critical;
  while (start > 0 && threads[start - 1] === threads[critical]) start--;
  return threads.slice(0, start).filter((name) => name === fixed).length;
}

describe('on random small programs', () => {
  it('all executions together show the same critical step, and the other order ends well', () => {
    let [explained, always] = [0, 0];
    for (let n = 0; n < 150; n++) {
      const program = randomProgram(n);
      const runs = everyRun(program, 1_000);
      if (runs === undefined) continue;
      const failing = runs.filter(({ kind }) => kind !== 'ok');
      for (const run of failing.filter((_, i) => i % Math.ceil(failing.length / 4) === 0)) {
        const { critical, pair, window } = explain(program, run.schedule, { likelyWays: n % 2 });
        const expected = criticalStep(run, runs);
        const where = `${program.name}: ${run.threads.join(' ')} [${run.kind}]`;
        if (expected < 0) {
          always++;
          expect(critical, where).toEqual({ kind: 'always' });
          continue;
        }
        explained++;
        expect(critical, where).toMatchObject({ kind: 'step', step: { step: expected } });
        expect(pair, where).toMatchObject({ kind: 'pair', taken: { step: expected } });
        if (pair?.kind !== 'pair') continue;
        expect(pair.other.thread, where).not.toBe(pair.taken.thread);
        expect(pair.about, where).not.toEqual([]);
        expect(outcomeOf(program, pair.good), where).toBe('nothing was found');
        expect(window?.places[placeOfFailure(run.threads, expected, pair.other.thread)]).toBe(
          'fails',
        );
      }
    }
    expect(explained).toBeGreaterThan(60);
    expect(always).toBeGreaterThan(20);
  });
});
