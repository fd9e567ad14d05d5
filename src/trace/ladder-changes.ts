// What one rung of a ladder does to what the one below it has shown.
import type { LadderChange, LadderOutcome, LadderRung } from './ladder.js';

/** Every property of every scenario that comes to something else than on the rung below. */
export function changesOf(rungs: readonly LadderRung[]): readonly LadderChange[] {
  return rungs.flatMap((rung, i) => {
    const before = rungs[i - 1];
    return before === undefined ? [] : changesBetween(before, rung);
  });
}

function changesBetween(before: LadderRung, rung: LadderRung): readonly LadderChange[] {
  return rung.entries.flatMap(({ scenario, property, outcome }) => {
    const from = outcomeIn(before, scenario, property)?.kind;
    const to = outcome.kind;
    if (from === undefined || from === to) return [];
    return [{ rung: rung.name, before: before.name, scenario, property, from, to }];
  });
}

/** Undefined where it was not asked. */
export function outcomeIn(
  { entries }: Pick<LadderRung, 'entries'>,
  scenario: string,
  property: string,
): LadderOutcome | undefined {
  return entries.find((one) => one.scenario === scenario && one.property === property)?.outcome;
}
