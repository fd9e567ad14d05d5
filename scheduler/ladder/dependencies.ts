// Which rungs depend on which patches: each patch is left out below every later rung, one at a time. What the full rung
// has proved and the smaller one breaks depends on it; whether the later patch is to blame, too, shows where both are
// left out.
import type { LadderDependency, LadderFixed } from '../../src/trace/ladder.js';
import type { Judged } from './judge.js';
import type { Answer } from './known.js';
import type { Climb } from './ladder.js';
import type { LadderSeries, LadderStep, Subset } from './subject.js';

type Answers = ReadonlyMap<string, Answer>;

export function dependenciesOf(
  series: LadderSeries,
  climb: Climb,
): { readonly dependencies: readonly LadderDependency[]; readonly fixed: readonly LadderFixed[] } {
  const dependencies: LadderDependency[] = [];
  const fixed = new Map<string, string>();
  for (const [i, rung] of series.rungs.entries()) {
    const before = series.rungs[i - 1];
    if (before === undefined) continue;
    for (const patch of before.patches) {
      const why = series.refuses(rung.patches.filter((name) => name !== patch));
      if (why === undefined) dependencies.push(...below(climb, rung, before, patch));
      else if (!fixed.has(patch)) fixed.set(patch, why);
    }
  }
  return { dependencies, fixed: [...fixed].map(([patch, why]) => ({ patch, why })) };
}

/** What the rung has proved and does not prove without that patch. */
function below(
  climb: Climb,
  rung: LadderStep,
  before: LadderStep,
  patch: string,
): LadderDependency[] {
  const whole = climb.answers(rung.name, asItIs(rung));
  const proving = [...(whole ?? [])].filter(([, answer]) => hasProved(answer));
  const scenarios = proving.map(([scenario]) => scenario);
  const ask = (step: LadderStep, leftOut: readonly string[]): Answers | undefined => {
    const label = [step.name, ...leftOut.map((name) => `without ${name}`)].join(' ');
    const patches = step.patches.filter((name) => !leftOut.includes(name));
    return climb.answers(label, { patches, elide: [], fill: [] }, scenarios);
  };
  const wholeBefore = ask(before, []);
  const [without, withoutBefore] = [ask(rung, [patch]), ask(before, [patch])];
  if (!whole || !wholeBefore || !without || !withoutBefore) return [];
  return [...without].flatMap(([scenario, { judged }]) =>
    judged.flatMap(({ property, outcome }) => {
      if (outcome.kind !== 'broken' || kindIn(whole, scenario, property) !== 'proved') return [];
      const kind =
        kindIn(withoutBefore, scenario, property) !== 'broken'
          ? 'needs'
          : kindIn(wholeBefore, scenario, property) === 'broken'
            ? 'together'
            : 'carried';
      const { preemptions, steps } = outcome;
      const found = { scenario, property, preemptions, steps } as const;
      return [{ rung: rung.name, without: patch, ...found, kind } as const];
    }),
  );
}

/** All its patches, and the elisions as they are by default. */
export function asItIs({ patches }: LadderStep): Subset {
  return { patches, elide: [], fill: [] };
}

/** Where nothing is proved, nothing can be lost: those searches are the long ones, too. */
export function hasProved({ judged }: Answer): boolean {
  return judged.some(({ outcome }) => outcome.kind === 'proved');
}

function kindIn(
  answers: Answers,
  scenario: string,
  property: string,
): Judged['outcome']['kind'] | undefined {
  return answers.get(scenario)?.judged.find((one) => one.property === property)?.outcome.kind;
}
