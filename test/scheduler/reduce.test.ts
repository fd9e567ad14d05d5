import { describe, expect, it } from 'vitest';
import {
  Execution,
  explore,
  type Finding,
  findingOf,
  Follow,
  reduce,
  type Schedule,
  ScheduleMismatch,
} from '../../scheduler/index.js';
import type { Program } from '../../scheduler/index.js';
import { lostUpdate, noisyUpdate } from '../support/samples.js';

function noisyFinding(program: Program, seed: string): Finding {
  const found = explore(program, { seed, runs: 5000, strategies: ['random'] });
  if (found.finding === undefined) throw new Error('the campaign found nothing');
  return found.finding;
}

function follow(program: Program, schedule: Schedule, strict: boolean): Execution {
  const strategy = new Follow(schedule, () => execution.asked, strict);
  const execution: Execution = new Execution(program.build('search'), strategy);
  execution.run();
  return execution;
}

describe('reducing a finding', () => {
  it.each(['1', '2', '3'])(
    'makes a noisy one a single preemption, and proves that (seed %s)',
    (seed) => {
      const program = noisyUpdate(3, 4);
      const noisy = noisyFinding(program, seed);
      expect(noisy.preemptions).toBeGreaterThan(1);
      const { finding, minimal } = reduce(program, noisy);
      expect(finding).toMatchObject({ preemptions: 1, signature: noisy.signature });
      expect(finding.schedule.length).toBeLessThanOrEqual(2);
      expect(minimal).toBe(true);
    },
  );

  it('gives a schedule that fails in the same way when it is followed', () => {
    const program = noisyUpdate(3, 4);
    const { finding } = reduce(program, noisyFinding(program, '1'));
    expect(findingOf(follow(program, finding.schedule, true))).toEqual(finding);
  });

  it('leaves alone what is minimal', () => {
    const program = lostUpdate();
    const first = reduce(program, noisyFinding(program, '1')).finding;
    expect(reduce(program, first).finding).toEqual(first);
  });

  it('that is interrupted has proved nothing', () => {
    const program = noisyUpdate(3, 4);
    const noisy = noisyFinding(program, '1');
    const { minimal } = reduce(program, noisy, { interrupted: () => true });
    expect(minimal).toBe(false);
  });
});

describe('following a schedule', () => {
  const program = noisyUpdate(3, 4);

  it('repeats the execution that it was recorded from', () => {
    const noisy = noisyFinding(program, '4');
    expect(findingOf(follow(program, noisy.schedule, true))).toEqual(noisy);
    expect(findingOf(follow(program, noisy.schedule, false))).toEqual(noisy);
  });

  it('strictly ends at the first choice that is not possible, and says which it is', () => {
    const schedule = [
      { at: 1, pick: 2 },
      { at: 2, pick: 99 },
    ];
    expect(() => follow(program, schedule, true)).toThrow(ScheduleMismatch);
    try {
      follow(program, schedule, true);
    } catch (error) {
      expect(error).toMatchObject({ choice: { at: 2, pick: 99 }, index: 1 });
    }
  });

  it('leniently skips the choices that are not possible', () => {
    const schedule = [
      { at: 1, pick: 99 },
      { at: 2, pick: 3 },
    ];
    expect(follow(program, schedule, false).recorder.copy()).toEqual([{ at: 2, pick: 3 }]);
  });

  it('strictly ends at a choice that nobody asked for', () => {
    const { steps } = follow(lostUpdate(), [], false);
    expect(() => follow(lostUpdate(), [{ at: steps - 1, pick: 0 }], true)).not.toThrow();
    expect(() =>
      follow(
        lostUpdate(),
        [
          { at: 1, pick: 1 },
          { at: 1, pick: 1 },
          { at: 2, pick: 0 },
        ],
        true,
      ),
    ).toThrow(ScheduleMismatch);
  });
});
