// The ladder of a series: every rung is judged with every scenario, property by property; then one patch at a time is
// left out below the later ones, and the elisions are flipped. What changes is computed from the outcomes, and nothing
// is inferred from what a patch says of itself.
import type {
  LadderDecision,
  LadderDependency,
  LadderEntry,
  LadderFixed,
  LadderProperty,
  LadderRung,
  LadderTable,
} from '../../src/trace/ladder.js';
import { changesOf } from '../../src/trace/ladder-changes.js';
import type { Finding } from '../finding.js';
import { kernelChecks } from './checks.js';
import { dependenciesOf } from './dependencies.js';
import { decisionsOf } from './elisions.js';
import type { JudgeOptions } from './judge.js';
import { type Answer, Known } from './known.js';
import type { LadderSeries, LadderStep, LadderSubject, Subset } from './subject.js';

export interface LadderOptions extends JudgeOptions {
  /** Leave each patch out below the later rungs. */
  readonly dependencies: boolean;
  /** Flip the elisions. */
  readonly elisions: boolean;
  /** Hears of each answer; `done` is the part of all that will be asked, 0 to 1. */
  readonly onAnswer?: ((what: string, done: number) => void) | undefined;
}

/** A failure that stands in the table. */
export interface LadderFailure {
  /** The rung, or for one with a patch left out its label. */
  readonly rung: string;
  readonly patches: readonly string[];
  readonly scenario: string;
  readonly property: string;
  readonly finding: Finding;
  /** Properties that nobody looked at in its schedule: they may break earlier there. */
  readonly unarmed: readonly string[];
}

export interface Ladder {
  readonly table: LadderTable;
  readonly failures: readonly LadderFailure[];
}

/** Climbs the ladder; where the user wants an end, what was judged by then is what there is. */
export function ladder(series: LadderSeries, options: LadderOptions): Ladder {
  const climb = new Climb(series, options);
  const rungs = series.rungs.flatMap((step) => climb.rung(step) ?? []);
  const subsets = series.subsets.flatMap((step) => climb.rung(step) ?? []);
  const below = options.dependencies
    ? dependenciesOf(series, climb)
    : { dependencies: [], fixed: [] };
  const decisions = options.elisions ? decisionsOf(series, climb) : [];
  const table = tableOf(series, climb, rungs, subsets, { ...below, decisions }, options);
  return { table, failures: climb.failures };
}

/** Asks for answers in a fixed order, and stops where the user wants an end. */
export class Climb {
  readonly failures: LadderFailure[] = [];
  readonly #known: ReadonlyMap<string, Known>;
  readonly #subjects: readonly LadderSubject[];
  readonly #options: LadderOptions;
  readonly #all: number;
  #asked = 0;
  #isOver = false;
  #before: ReadonlyMap<string, Answer> = new Map();

  constructor(series: LadderSeries, options: LadderOptions) {
    this.#subjects = series.subjects;
    this.#options = options;
    this.#known = new Map(series.subjects.map((one) => [one.name, new Known(one, options)]));
    const { rungs, subsets } = series;
    const below = rungs.slice(1).map((_, i) => rungs[i]?.patches.length ?? 0);
    const leftOut = options.dependencies ? below.reduce((a, b) => a + b, 0) : 0;
    const flips = options.elisions ? rungs.length * 2 : 0;
    this.#all = (rungs.length + subsets.length + leftOut + flips) * series.subjects.length;
  }

  get isInterrupted(): boolean {
    return this.#isOver;
  }

  get searches(): LadderTable['searches'] {
    const all = [...this.#known.values()];
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    return { run: sum(all.map(({ run }) => run)), known: sum(all.map(({ known }) => known)) };
  }

  /** Undefined where the user wants an end before it was judged with every scenario. */
  rung({ name, subject, patches }: LadderStep): LadderRung | undefined {
    const answers = this.answers(name, { patches, elide: [], fill: [] });
    if (answers === undefined) return undefined;
    const before = this.#before;
    this.#before = answers;
    this.#keepFailures(name, patches, answers);
    const untouched = [...answers].filter(([scenario, one]) => before.get(scenario) === one);
    return {
      name,
      subject,
      patches,
      entries: entriesOf(answers),
      untouched: untouched.map(([scenario]) => scenario),
    };
  }

  /** Of these scenarios, by name; by default of all. */
  answers(
    label: string,
    subset: Subset,
    scenarios = this.#subjects.map(({ name }) => name),
  ): ReadonlyMap<string, Answer> | undefined {
    const answers = new Map<string, Answer>();
    for (const name of scenarios) {
      if (this.#isRefused(name, subset)) continue;
      const answer = this.answer(label, name, subset);
      if (answer === undefined) return undefined;
      answers.set(name, answer);
    }
    return answers;
  }

  answer(label: string, scenario: string, subset: Subset): Answer | undefined {
    if (this.#isOver || this.#options.interrupted?.() === true) {
      this.#isOver = true;
      return undefined;
    }
    const done = Math.min(1, this.#asked++ / this.#all);
    this.#options.onAnswer?.(`${label}: ${scenario}`, done);
    const answer = this.#known.get(scenario)?.answer(subset);
    if (answer === undefined) this.#isOver = true;
    return answer;
  }

  #isRefused(scenario: string, { patches }: Subset): boolean {
    const subject = this.#subjects.find(({ name }) => name === scenario);
    return subject?.isAskedWith(patches) === false;
  }

  #keepFailures(
    rung: string,
    patches: readonly string[],
    answers: ReadonlyMap<string, Answer>,
  ): void {
    for (const [scenario, { judged }] of answers) {
      for (const { property, finding, unarmed } of judged) {
        if (finding === undefined) continue;
        this.failures.push({ rung, patches, scenario, property, finding, unarmed });
      }
    }
  }
}

function entriesOf(answers: ReadonlyMap<string, Answer>): readonly LadderEntry[] {
  return [...answers].flatMap(([scenario, { judged }]) =>
    judged.map(({ property, outcome }) => ({ scenario, property, outcome })),
  );
}

interface Beside {
  readonly dependencies: readonly LadderDependency[];
  readonly fixed: readonly LadderFixed[];
  readonly decisions: readonly LadderDecision[];
}

function tableOf(
  series: LadderSeries,
  climb: Climb,
  rungs: readonly LadderRung[],
  subsets: readonly LadderRung[],
  beside: Beside,
  options: LadderOptions,
): LadderTable {
  const { preemptionsEnough, statesMax, runs, stepsMax = 0, seed } = options;
  return {
    series: series.name,
    about: series.about,
    properties: propertiesOf(series, [...rungs, ...subsets]),
    scenarios: series.subjects.map(({ name, about }) => ({ name, about })),
    rungs,
    subsets,
    changes: changesOf(rungs),
    ...beside,
    bounds: { preemptions: preemptionsEnough, states: statesMax, runs, stepsMax, seed },
    looksAt: { dependencies: options.dependencies, elisions: options.elisions },
    searches: climb.searches,
    interrupted: climb.isInterrupted,
  };
}

/** The scenarios' own by their names, so that numbers stand in their order; then the kernel's checks. */
function propertiesOf(
  { shortName }: LadderSeries,
  rungs: readonly LadderRung[],
): readonly LadderProperty[] {
  const asked = new Set(rungs.flatMap(({ entries }) => entries.map(({ property }) => property)));
  const checks = kernelChecks(true).filter(({ name }) => asked.has(name));
  for (const { name } of checks) asked.delete(name);
  const own = [...asked]
    .sort()
    .map((name) => ({ name, short: shortName(name), by: 'scenario' as const }));
  return [...own, ...checks];
}
