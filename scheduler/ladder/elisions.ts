// Which elisions decide an outcome. All that are modelled are left out together, and all that are left out are modelled
// together. Where that turns an outcome, those that turn it alone are named; where none does, a smallest set of them.
import type { LadderDecision, LadderOutcome } from '../../src/trace/ladder.js';
import { hasProved } from './dependencies.js';
import type { Answer } from './known.js';
import type { Climb } from './ladder.js';
import type { LadderSeries, LadderStep, Subset } from './subject.js';

type Kind = LadderOutcome['kind'];

export function decisionsOf(series: LadderSeries, climb: Climb): readonly LadderDecision[] {
  const idsOf = (isModelled: boolean): readonly string[] =>
    series.elisions.filter((one) => one.isModelled === isModelled).map(({ id }) => id);
  return series.rungs.flatMap((rung) =>
    [true, false].flatMap((elidedNow) =>
      series.subjects.flatMap(({ name }) =>
        new Flips(climb, rung, name, elidedNow).decisions(idsOf(elidedNow)),
      ),
    ),
  );
}

/** The flips of one kind, of one scenario on one rung. */
class Flips {
  readonly #climb: Climb;
  readonly #rung: LadderStep;
  readonly #scenario: string;
  readonly #elidedNow: boolean;

  constructor(climb: Climb, rung: LadderStep, scenario: string, elidedNow: boolean) {
    this.#climb = climb;
    this.#rung = rung;
    this.#scenario = scenario;
    this.#elidedNow = elidedNow;
  }

  decisions(ids: readonly string[]): readonly LadderDecision[] {
    if (ids.length === 0) return [];
    const asItIs = this.#with([]);
    if (asItIs === undefined || !hasProved(asItIs)) return [];
    const together = this.#with(ids);
    if (together === undefined || asItIs === together) return [];
    return asItIs.judged.flatMap(({ property, outcome }) => {
      const from = outcome.kind;
      const to = kindOf(together, property);
      // Only what breaks or no longer breaks is a decision: a smaller model is looked at further anyway.
      if (to === undefined || (from === 'broken') === (to === 'broken')) return [];
      return this.#smallest(ids, property, to).map((some) => ({
        rung: this.#rung.name,
        ids: some,
        elidedNow: this.#elidedNow,
        scenario: this.#scenario,
        property,
        from,
        to,
      }));
    });
  }

  /** Those that do it alone; where there are none, one set of which each is needed. */
  #smallest(ids: readonly string[], property: string, to: Kind): readonly (readonly string[])[] {
    const turns = (some: readonly string[]): boolean => {
      const flipped = this.#with(some);
      return (
        flipped !== undefined && (kindOf(flipped, property) === 'broken') === (to === 'broken')
      );
    };
    const alone = ids.filter((id) => turns([id]));
    if (alone.length > 0) return alone.map((id) => [id]);
    const needed = ids.reduce((left, id) => {
      const fewer = left.filter((one) => one !== id);
      return turns(fewer) ? fewer : left;
    }, ids);
    return this.#climb.isInterrupted ? [] : [needed];
  }

  #with(ids: readonly string[]): Answer | undefined {
    const { name, patches } = this.#rung;
    const verb = this.#elidedNow ? 'eliding' : 'filling';
    const label = ids.length === 0 ? name : `${name}, ${verb} ${ids.join(', ')}`;
    const subset: Subset = {
      patches,
      elide: this.#elidedNow ? ids : [],
      fill: this.#elidedNow ? [] : ids,
    };
    return this.#climb.answer(label, this.#scenario, subset);
  }
}

function kindOf({ judged }: Answer, property: string): Kind | undefined {
  return judged.find((one) => one.property === property)?.outcome.kind;
}
