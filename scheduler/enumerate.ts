// The plain enumerator: every schedule, no reduction, by running the program again for each. It is slow, and the
// judge of everything that is faster.
import { isFailure, type Machine } from '../src/machine/index.js';
import { type OpenPlace, type Remaining, TreeProgress } from './estimates/tree-progress.js';
import { Execution } from './execution.js';
import { type Finding, findingOf, isSimpler } from './finding.js';
import type { Program, RunOptions } from './program.js';
import type { Strategy, View } from './strategy.js';
import { isWanted, type Wanted } from './wanted.js';

export interface EnumerateOptions extends RunOptions {
  /** Leave out schedules with more preemptions than this. */
  readonly preemptionsMax?: number | undefined;
  /** Give up after this many executions. */
  readonly runsMax?: number | undefined;
  /** Keep only failures of this signature as the finding; all are counted. */
  readonly signature?: Wanted | undefined;
  /** End this many executions after the first finding; by default never, so that all are counted. */
  readonly runsAfterFinding?: number | undefined;
  /** Hears of the first finding as soon as it is found. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Stands between the execution and the walk, to see more of each execution than its end. */
  readonly seenBy?: ((walk: Strategy, machine: Machine) => Strategy) | undefined;
  /** Sees every execution when it has ended. */
  readonly onRun?: ((execution: Execution, run: EnumeratedRun) => void) | undefined;
}

export interface EnumeratedRun {
  readonly failed: boolean;
  /** The probability that a random walk takes exactly this schedule (data choices count as equally likely). */
  readonly probability: number;
  /** How far the enumeration is now, this execution included. */
  readonly remaining: () => Remaining;
}

export interface Enumeration {
  /** Schedules run to their end. */
  readonly runs: number;
  readonly failures: number;
  /** Executions cut off by the step limit, or ended fairly before it: nothing is known of other ways to go on. */
  readonly limited: number;
  readonly steps: number;
  /** Every schedule within the preemption bound was run. */
  readonly exhausted: boolean;
  /** The preemption bound left something out. */
  readonly bounded: boolean;
  /** The probability that one random walk fails; meaningful if exhausted, unbounded and with `all`. */
  readonly failureProbability: number;
  /** The simplest of the failures looked for. */
  readonly finding: Finding | undefined;
}

/** One place where the course of an execution was open. */
interface Fork {
  /** What can be chosen here; the default first. */
  readonly options: readonly number[];
  taken: number;
}

/** Walks the tree of schedules depth first, one leaf per execution. */
export class TreeWalk implements Strategy {
  readonly name = 'enumerate';
  /** A preemption was not tried because of the bound. */
  bounded = false;
  readonly #forks: Fork[] = [];
  readonly #preemptionsMax: number;
  #depth = 0;
  #preemptions = 0;
  #view: View | undefined = undefined;

  constructor(preemptionsMax: number) {
    this.#preemptionsMax = preemptionsMax;
  }

  beginBlock(): void {
    // An enumeration knows no blocks.
  }

  begin(view: View): void {
    this.#view = view;
    this.#depth = 0;
    this.#preemptions = 0;
  }

  choose(current: number): number {
    const view = this.#view as View;
    const fork = this.#forks[this.#depth] ?? this.#open(this.#threads(current));
    this.#depth++;
    const pick = fork.options[fork.taken] as number;
    if (view.preempts(pick)) this.#preemptions++;
    return pick;
  }

  /** The default first, then the others in ascending order. */
  #threads(current: number): number[] {
    const view = this.#view as View;
    const first = view.runnable.preferred(current);
    const all = [first, ...view.runnable.sorted().filter((thread) => thread !== first)];
    if (this.#preemptions < this.#preemptionsMax) return all;
    const allowed = all.filter((thread) => !view.preempts(thread));
    if (allowed.length < all.length) this.bounded = true;
    return allowed;
  }

  draw(ways: number): number {
    const fork =
      this.#forks[this.#depth] ?? this.#open(Array.from({ length: ways }, (_, value) => value));
    this.#depth++;
    return fork.options[fork.taken] as number;
  }

  #open(options: readonly number[]): Fork {
    const fork = { options, taken: 0 };
    this.#forks.push(fork);
    return fork;
  }

  learn(): void {
    // There is nothing to learn.
  }

  /** The probability of the present leaf under a random walk. */
  probability(): number {
    let probability = 1;
    for (const fork of this.#forks) probability /= fork.options.length;
    return probability;
  }

  /** Where the walk stands, from the root on. */
  *path(): Generator<OpenPlace, void> {
    for (const { taken, options } of this.#forks) yield { finished: taken, ways: options.length };
  }

  /** Moves on to the next leaf; false when there is none. */
  advance(): boolean {
    for (;;) {
      const last = this.#forks.at(-1);
      if (last === undefined) return false;
      last.taken++;
      if (last.taken < last.options.length) return true;
      this.#forks.pop();
    }
  }
}

/** Runs every schedule of the program within the bounds. */
export function enumerate(program: Program, options: EnumerateOptions = {}): Enumeration {
  const walk = new TreeWalk(options.preemptionsMax ?? Number.POSITIVE_INFINITY);
  const machine = program.build('search');
  const strategy = options.seenBy?.(walk, machine) ?? walk;
  const execution = new Execution(machine, strategy, options);
  const tally = { runs: 0, failures: 0, limited: 0, steps: 0, failureProbability: 0 };
  const runsAfterFinding = options.runsAfterFinding ?? Number.POSITIVE_INFINITY;
  let runsLeft = options.runsMax ?? Number.POSITIVE_INFINITY;
  let finding: Finding | undefined;
  let exhausted = false;
  const progress = new TreeProgress();
  const remaining = (): Remaining =>
    exhausted ? progress.finish(tally.runs) : progress.look(walk.path(), tally.runs);
  while (runsLeft > 0 && !exhausted && options.interrupted?.() !== true) {
    runsLeft--;
    const verdict = execution.run();
    const run = { failed: isFailure(verdict), probability: walk.probability(), remaining };
    tally.runs++;
    tally.steps += execution.steps;
    if (verdict.kind === 'limit' || (execution.isFair && !run.failed)) tally.limited++;
    if (run.failed) {
      tally.failures++;
      tally.failureProbability += run.probability;
      const found = matching(execution, options.signature);
      if (found !== undefined) {
        if (finding === undefined) {
          runsLeft = Math.min(runsLeft, runsAfterFinding);
          options.onFinding?.(found);
        }
        if (finding === undefined || isSimpler(found, finding)) finding = found;
      }
    }
    exhausted = !walk.advance();
    options.onRun?.(execution, run);
  }
  return { ...tally, exhausted, bounded: walk.bounded, finding };
}

function matching(execution: Execution, wanted: Wanted | undefined): Finding | undefined {
  const found = findingOf(execution);
  return isWanted(wanted, found.signature) ? found : undefined;
}
