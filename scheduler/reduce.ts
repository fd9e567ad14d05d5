// Makes a counterexample small: leaves out whole actors, drops choices of its schedule one after the other while the
// same bug recurs, asks an exhaustive search whether fewer preemptions would do, and moves those that are left to
// their earliest positions. Only an exhausted search makes it "minimal: proved".
// Delta debugging in the manner of Zeller and Hildebrandt (2002), from whole halves down to single choices.
import { limits } from '../src/limits.js';
import { isFailure } from '../src/machine/index.js';
import { Execution } from './execution.js';
import { type Finding, findingOf, isSimpler } from './finding.js';
import { affordable } from './minimise/affordable.js';
import { settlePositions } from './minimise/position.js';
import { leaveOutActors } from './minimise/workload.js';
import type { Program, RunOptions } from './program.js';
import { prove } from './prove.js';
import type { Schedule } from './schedule.js';
import { Follow } from './strategies/follow.js';

export interface Reduced {
  readonly finding: Finding;
  /** The program that it is a failure of: the given one without the actors that were left out. */
  readonly program: Program;
  /** The actors that the bug does without. */
  readonly leftOut: readonly string[];
  /** Every schedule with fewer preemptions was run, and none shows this bug. */
  readonly minimal: boolean;
  /** Executions that this took. */
  readonly runs: number;
}

export interface ReduceOptions extends RunOptions {
  /** Leave out actors too, where the program can: then the finding is one of the smaller program. */
  readonly leaveOut?: boolean | undefined;
}

/** Reduces a finding of the program. */
export function reduce(whole: Program, found: Finding, options: ReduceOptions = {}): Reduced {
  const { cast } = whole;
  const smaller =
    cast === undefined || options.leaveOut !== true
      ? { program: whole, finding: found, leftOut: [], runs: 0 }
      : leaveOutActors(whole, found, cast, options);
  const { program, finding, leftOut } = smaller;
  const shorter = dropChoices(program, finding, options);
  const proof = prove(program, {
    ...options,
    all: false,
    signature: finding.signature,
    preemptionsMax: Math.max(0, shorter.finding.preemptions),
    runsMax: affordable(limits.minimalRuns, shorter.finding.steps),
    statesMax: limits.minimalStates,
  });
  const best =
    proof.finding !== undefined && isSimpler(proof.finding, shorter.finding)
      ? proof.finding
      : shorter.finding;
  const settled = settlePositions(program, best, options);
  return {
    finding: settled.finding,
    program,
    leftOut,
    minimal: proof.exhaustedTo >= best.preemptions - 1 && proof.limited === 0,
    runs: smaller.runs + shorter.runs + proof.runs + settled.runs,
  };
}

/** Tries to do without ever smaller groups of choices, as long as that helps. */
function dropChoices(
  program: Program,
  finding: Finding,
  options: RunOptions,
): { readonly finding: Finding; readonly runs: number } {
  const attempt = new Attempt(program, finding.signature, options);
  let best = attempt.replay(finding.schedule) ?? finding;
  let size = Math.ceil(best.schedule.length / 2);
  const runsMax = affordable(limits.reduceRuns, best.steps);
  while (size >= 1 && attempt.runs < runsMax && options.interrupted?.() !== true) {
    const better = firstSimpler(attempt, best, size, runsMax);
    if (better !== undefined) {
      best = better;
      size = Math.min(size, Math.max(1, best.schedule.length));
    } else {
      size = size === 1 ? 0 : Math.ceil(size / 2);
    }
  }
  return { finding: best, runs: attempt.runs };
}

/** The first way to leave out `size` neighbouring choices that still fails, more simply. */
function firstSimpler(
  attempt: Attempt,
  best: Finding,
  size: number,
  runsMax: number,
): Finding | undefined {
  for (let at = 0; at < best.schedule.length; at += size) {
    const rest = [...best.schedule.slice(0, at), ...best.schedule.slice(at + size)];
    if (attempt.runs >= runsMax || attempt.interrupted()) return undefined;
    const found = attempt.replay(rest);
    if (found !== undefined && isSimpler(found, best)) return found;
  }
  return undefined;
}

/** Runs candidate schedules and tells whether they show the same bug. */
class Attempt {
  runs = 0;
  readonly #execution: Execution;
  readonly #follow: Follow;
  readonly #signature: string;
  readonly interrupted: () => boolean;

  constructor(program: Program, wanted: string, options: RunOptions) {
    this.#signature = wanted;
    this.interrupted = () => options.interrupted?.() === true;
    this.#follow = new Follow([], () => this.#execution.asked, false);
    this.#execution = new Execution(program.build('search'), this.#follow, options);
  }

  replay(schedule: Schedule): Finding | undefined {
    this.runs++;
    this.#follow.follow(schedule);
    if (!isFailure(this.#execution.run())) return undefined;
    const found = findingOf(this.#execution);
    return found.signature === this.#signature ? found : undefined;
  }
}
