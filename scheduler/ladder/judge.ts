// One scenario on one set of patches, property by property. A failure ends a run, so one property can hide another:
// what has broken is not looked at any more, and the search is made again until nothing else breaks. The first failure
// of a search needs the fewest preemptions that break any property still looked at, so each outcome is minimal.
import { describe } from '../../src/machine/index.js';
import type { LadderOutcome, Looked } from '../../src/trace/ladder.js';
import { explore } from '../explore.js';
import type { Finding } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import { type Proof, prove } from '../prove.js';
import { reduce } from '../reduce.js';
import { brokenBy, checkOfSignature, kernelChecks } from './checks.js';
import type { Climber } from './subject.js';

export interface JudgeOptions extends RunOptions {
  /** A property is proved once every schedule with so many preemptions was looked at. */
  readonly preemptionsEnough: number;
  readonly statesMax: number;
  /** Schedules that are sampled where the states did not suffice. */
  readonly runs: number;
  readonly seed: string;
  readonly strategies: readonly string[];
}

/** A property's outcome, and for a broken one the schedule that shows it. */
export interface Judged {
  readonly property: string;
  readonly outcome: LadderOutcome;
  readonly finding?: Finding;
  /** Properties that nobody looked at in that schedule. */
  readonly unarmed: readonly string[];
}

/** Every property that the scenario has, and the checks of the kernel; undefined where the user wants an end. */
export function judge(climber: Climber, options: JudgeOptions): readonly Judged[] | undefined {
  const checks = kernelChecks(climber.asksRaces).map(({ name }) => name);
  const broken = new Map<string, Judged>();
  const unarmed: string[] = [];
  const failedChecks: string[] = [];
  for (;;) {
    const searched = search(climber.program(unarmed), failedChecks, options);
    if (options.interrupted?.() === true) return undefined;
    const { failure, looked } = searched;
    if (failure === undefined) {
      return [...climber.properties, ...checks].map(
        (property) => broken.get(property) ?? { property, outcome: looked, unarmed: [] },
      );
    }
    const { name, own } = brokenBy(failure.finding.verdict);
    if (broken.has(name)) throw new Error(`"${name}" broke although nobody looked at it`);
    broken.set(name, {
      property: name,
      outcome: outcomeOf(failure),
      finding: failure.finding,
      unarmed: [...unarmed],
    });
    (own ? unarmed : failedChecks).push(name);
  }
}

interface Failure {
  readonly finding: Finding;
  readonly minimal: boolean;
  readonly by: 'search' | 'sampling';
}

type Searched =
  | { readonly failure: Failure; readonly looked?: undefined }
  | { readonly failure: undefined; readonly looked: LadderOutcome };

/** Looks for a failure of anything but the checks that have failed before. */
function search(program: Program, failed: readonly string[], options: JudgeOptions): Searched {
  const { preemptionsEnough, statesMax } = options;
  const run = { ...options, all: false };
  const isNews = (signature: string): boolean =>
    !failed.includes(checkOfSignature(signature) ?? '');
  const proof = prove(program, {
    ...run,
    preemptionsEnough,
    statesMax,
    runsMax: statesMax,
    signature: failed.length === 0 ? undefined : isNews,
  });
  const { finding, minimal, complete, exhaustedTo, limited } = proof;
  if (finding !== undefined) return { failure: { finding, minimal, by: 'search' } };
  const looked: Looked = { ...lookedAt(proof), ...(failed.length > 0 && { until: failed }) };
  const preemptions = complete || exhaustedTo < 0 ? undefined : exhaustedTo;
  if (complete || exhaustedTo >= preemptionsEnough) {
    return { failure: undefined, looked: { kind: 'proved', ...looked, preemptions } };
  }
  // A campaign ends at its first failure, and knows of none that does not count.
  const sample = failed.length === 0 ? sampled(program, run) : { runs: 0, limited: 0 };
  if ('failure' in sample) return sample;
  return {
    failure: undefined,
    looked: {
      kind: 'not found',
      ...looked,
      preemptions,
      sampled: sample.runs,
      limited: limited + sample.limited,
    },
  };
}

function lookedAt({ states, traces, schedules }: Proof): Looked {
  if (traces !== undefined) return { traces };
  return states === undefined ? { schedules } : { states };
}

function sampled(
  program: Program,
  options: JudgeOptions,
): { readonly failure: Failure } | { readonly runs: number; readonly limited: number } {
  const { runs, seed, strategies } = options;
  const nothing = { runs: 0, limited: 0 };
  if (runs === 0 || options.interrupted?.() === true) return nothing;
  const campaign = explore(program, { ...options, runs, seed, strategies });
  if (campaign.finding === undefined) return campaign;
  if (campaign.finding.report !== undefined) {
    return { failure: { finding: campaign.finding, minimal: false, by: 'sampling' } };
  }
  const { finding, minimal } = reduce(program, campaign.finding, options);
  return { failure: { finding, minimal, by: 'sampling' } };
}

function outcomeOf({ finding, minimal, by }: Failure): LadderOutcome {
  const { preemptions, steps, signature, verdict } = finding;
  return {
    kind: 'broken',
    preemptions,
    steps,
    minimal,
    signature,
    message: describe(verdict),
    by,
  };
}
