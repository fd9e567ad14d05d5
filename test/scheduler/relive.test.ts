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

it('debug', async () => {
  for (const [name, edit] of Object.entries(refactorings)) {
    const program = await programOfText(edited(forkInSmall, edit));
    const r = relive(program, recorded, { stepsMax, runs: 0 });
    console.log(name, r.how, r.followed, JSON.stringify(r.renames), JSON.stringify(r.gone));
  }
  const original = await programOfText(forkInSmall);
  for (const seed of ['1', '2', '3']) {
    const { finding } = (await import('../../scheduler/index.js')).explore(original, { stepsMax, seed, runs: 10000, strategies: ['random'] });
    if (!finding) throw new Error();
    const { course, choices } = replay(original, finding.schedule);
    const rec = { schedule: choices, signature: finding.signature, course };
    console.log(seed, finding.switches, finding.preemptions);
    for (const [name, edit] of Object.entries(refactorings)) {
      const program = await programOfText(edited(forkInSmall, edit));
      const r = relive(program, rec, { stepsMax, runs: 0 });
      console.log(name, r.how, r.followed, JSON.stringify(r.renames), JSON.stringify(r.gone));
    }
  }
});
