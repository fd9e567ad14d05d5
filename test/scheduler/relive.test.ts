import { beforeAll, describe, expect, it } from 'vitest';
import { describe as describeVerdict } from '../../src/machine/index.js';
import { enumerate, prove, type Recorded, relive, replay } from '../../scheduler/index.js';
import { edited, forkInSmall, programOfText } from '../support/model-text.js';
import { realChanges, refactorings } from '../support/model-edits.js';

let recorded: Recorded;
const stepsMax = 10_000;

beforeAll(async () => {
  const original = await programOfText(forkInSmall);
  const { finding } = prove(original, { stepsMax });
  if (finding === undefined) throw new Error('the model is not broken');
  const { course, choices } = replay(original, finding.schedule);
  recorded = { schedule: choices, signature: finding.signature, course };
});

describe('a refactoring', () => {
  it.each(Object.entries(refactorings))('%s', async (_, edit) => {
    const program = await programOfText(edited(forkInSmall, edit));
    const { how, replay: again } = relive(program, recorded, { stepsMax, runs: 0 });
    expect(how).toBe('by labels');
    expect(again.finding.signature).toBe(recorded.signature);
  });
});

describe('a change that matters', () => {
  it.each(Object.entries(realChanges))('%s', async (_, { edit, how, gone, other }) => {
    const program = await programOfText(edited(forkInSmall, edit));
    const found = relive(program, recorded, { stepsMax, runs: 20_000 });
    expect(found.how).toBe(how);
    const place: readonly string[] = found.gone ? [found.gone.place, found.gone.instead] : [];
    expect(place).toEqual(gone ?? []);
    const message = found.other && describeVerdict(found.other.verdict);
    if (other === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(other);
    const again = replay(program, found.replay.choices, { stepsMax });
    expect(again.finding).toEqual(found.replay.finding);
    if (how === 'after search') {
      expect(again.finding.signature).toBe(recorded.signature);
      expect(again.finding.preemptions).toBe(1);
    } else {
      // Small enough for the search to have looked at everything with as many preemptions.
      expect(found.searched?.clearedTo).toBeGreaterThanOrEqual(1);
      const { finding } = enumerate(program, {
        stepsMax,
        preemptionsMax: 1,
        signature: recorded.signature,
      });
      expect(finding).toBeUndefined();
    }
  });

  it('is not searched for without a budget', async () => {
    const program = await programOfText(
      edited(forkInSmall, Object.values(realChanges)[1]?.edit ?? []),
    );
    const found = relive(program, recorded, { stepsMax, runs: 0 });
    expect(found).toMatchObject({ how: 'no longer', searched: undefined });
  });
});

describe('a file from before there were courses', () => {
  const old = (): Recorded => ({ schedule: recorded.schedule, signature: recorded.signature });

  it('is followed by the numbers of its choices', async () => {
    const program = await programOfText(forkInSmall);
    const found = relive(program, old(), { stepsMax, runs: 0 });
    expect(found).toMatchObject({ how: 'by position', gone: undefined, renames: [] });
  });

  it('is searched on from there', async () => {
    const moved = await programOfText(
      edited(forkInSmall, refactorings['another thread comes first'] ?? []),
    );
    const found = relive(moved, old(), { stepsMax, runs: 20_000 });
    expect(found.how).toBe('after search');
    expect(found.replay.finding.signature).toBe(recorded.signature);
  });
});
