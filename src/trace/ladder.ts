// What the ladder of a series says, as plain data: property by rung, and what follows from it. Everything is computed;
// nothing in it depends on time.

/** A row of questions: a property of the scenarios, or one of the groups of the kernel's own checks. */
export interface LadderProperty {
  /** In full: `I-11 a transfer that returned 0 leaves nothing behind`. */
  readonly name: string;
  /** For the head of a column. */
  readonly short: string;
  readonly by: 'scenario' | 'kernel';
}

/** What one scenario, on one rung, says of one property. */
export type LadderOutcome =
  | {
      readonly kind: 'broken';
      readonly preemptions: number;
      readonly steps: number;
      /** Every schedule with fewer preemptions was looked at, and none breaks it. */
      readonly minimal: boolean;
      readonly signature: string;
      /** One sentence: what is wrong. */
      readonly message: string;
      readonly by: 'search' | 'sampling';
      /** Path of the replay file, once it is written. */
      readonly replay?: string | undefined;
    }
  | (Looked & {
      readonly kind: 'proved';
      /** All schedules with at most so many preemptions; undefined for every schedule. */
      readonly preemptions: number | undefined;
    })
  | (Looked & {
      readonly kind: 'not found';
      /** All schedules with at most so many preemptions; undefined where not even those with none. */
      readonly preemptions: number | undefined;
      /** Schedules that were sampled besides. */
      readonly sampled: number;
      /** Executions that were cut off by the step limit. */
      readonly limited: number;
    });

/** What a search without a failure has looked at: one of the three. */
export interface Looked {
  readonly states?: number | undefined;
  readonly traces?: number | undefined;
  readonly schedules?: number | undefined;
  /** Runs ended where these checks of the kernel failed: nothing is said about what would have followed. */
  readonly until?: readonly string[] | undefined;
}

/** An outcome, and of which scenario it is. */
export interface LadderEntry {
  readonly scenario: string;
  readonly property: string;
  readonly outcome: LadderOutcome;
}

export interface LadderRung {
  /** As on the command line; for a subset its label: `0006 without 0005`. */
  readonly name: string;
  readonly patches: readonly string[];
  /** Of the last patch; empty for a rung without one. */
  readonly subject: string;
  /** What was asked of it; a property that no scenario has is in no entry. */
  readonly entries: readonly LadderEntry[];
  /** The scenarios that called no function which is another one on this rung than on the one before. */
  readonly untouched: readonly string[];
}

/** What a rung does to one property of one scenario. */
export interface LadderChange {
  readonly rung: string;
  readonly before: string;
  readonly scenario: string;
  readonly property: string;
  readonly from: LadderOutcome['kind'];
  readonly to: LadderOutcome['kind'];
}

/** What becomes of a rung that has proved something when one patch below it is left out. */
export interface LadderDependency {
  readonly rung: string;
  readonly without: string;
  readonly scenario: string;
  readonly property: string;
  readonly preemptions: number;
  readonly steps: number;
  /**
   * `needs`: without both patches it does not break, so the later one breaks it where the earlier is missing.
   * `together`: it takes both to close it. `carried`: the earlier one closes it, whatever the later one does.
   */
  readonly kind: 'needs' | 'together' | 'carried';
}

/** Patches that could not be left out below a rung: another one builds on them. */
export interface LadderFixed {
  readonly patch: string;
  readonly why: string;
}

/** Elisions that turn an outcome when they are flipped, all of them together. */
export interface LadderDecision {
  readonly rung: string;
  readonly ids: readonly string[];
  /** True: they were modelled and are left out now; false: the other way round. */
  readonly elidedNow: boolean;
  readonly scenario: string;
  readonly property: string;
  readonly from: LadderOutcome['kind'];
  readonly to: LadderOutcome['kind'];
}

export interface LadderBounds {
  /** With so many preemptions looked at, a property counts as proved. */
  readonly preemptions: number;
  readonly states: number;
  readonly runs: number;
  readonly stepsMax: number;
  readonly seed: string;
}

export interface LadderTable {
  readonly series: string;
  readonly about: string;
  readonly properties: readonly LadderProperty[];
  readonly scenarios: readonly { readonly name: string; readonly about: string }[];
  /** Lowest first. */
  readonly rungs: readonly LadderRung[];
  /** Subsets that were asked for besides. */
  readonly subsets: readonly LadderRung[];
  readonly changes: readonly LadderChange[];
  readonly dependencies: readonly LadderDependency[];
  readonly fixed: readonly LadderFixed[];
  readonly decisions: readonly LadderDecision[];
  readonly bounds: LadderBounds;
  /** Patches were left out, and elisions flipped, to see what depends on them. */
  readonly looksAt: { readonly dependencies: boolean; readonly elisions: boolean };
  /** Searches that were run, and those whose answer was known from one that called the same functions. */
  readonly searches: { readonly run: number; readonly known: number };
  readonly interrupted: boolean;
}

/** The cell of a rung and a property: over all scenarios that have it. */
export type LadderCell =
  | { readonly kind: 'not asked' }
  | (LadderOutcome & { readonly scenario: string; readonly scenarios: readonly string[] });

/**
 * Broken by the scenario that needs the fewest preemptions, then steps; otherwise as weak as its weakest scenario, with
 * all that was looked at added up.
 */
export function cellOf({ entries }: LadderRung, property: string): LadderCell {
  const own = entries.filter((entry) => entry.property === property);
  const worst = own.reduce<LadderEntry | undefined>(
    (one, other) => (one === undefined || isWorse(other.outcome, one.outcome) ? other : one),
    undefined,
  );
  if (worst === undefined) return { kind: 'not asked' };
  const { scenario, outcome } = worst;
  const found = { scenario, scenarios: own.map((entry) => entry.scenario) };
  if (outcome.kind === 'broken') return { ...outcome, ...found };
  return { ...outcome, ...sumOf(own.map((entry) => entry.outcome)), ...found };
}

function isWorse(a: LadderOutcome, b: LadderOutcome): boolean {
  const [first, second] = [rankOf(a), rankOf(b)];
  const at = first.findIndex((value, i) => value !== second[i]);
  return at >= 0 && (first[at] ?? 0) < (second[at] ?? 0);
}

/** Smaller is worse. */
function rankOf(outcome: LadderOutcome): readonly number[] {
  switch (outcome.kind) {
    case 'broken':
      return [0, outcome.preemptions, outcome.steps];
    case 'not found':
      return [1, outcome.preemptions ?? -1, 0];
    case 'proved':
      return [2, outcome.preemptions ?? Number.POSITIVE_INFINITY, 0];
  }
}

function sumOf(outcomes: readonly LadderOutcome[]): Looked {
  const looked = outcomes.flatMap((outcome) => (outcome.kind === 'broken' ? [] : [outcome]));
  const sum = (key: 'states' | 'traces' | 'schedules'): number | undefined => {
    const numbers = looked.flatMap((one) => one[key] ?? []);
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0);
  };
  const until = [...new Set(looked.flatMap((one) => one.until ?? []))].sort();
  return {
    states: sum('states'),
    traces: sum('traces'),
    schedules: sum('schedules'),
    ...(until.length > 0 && { until }),
  };
}
