import { beforeAll, describe, expect, it } from 'vitest';
import { prove, type Recorded, relive, replay } from '../../scheduler/index.js';
import { edited, forkInSmall, programOfText } from '../support/model-text.js';
import { refactorings } from '../support/model-edits.js';

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
