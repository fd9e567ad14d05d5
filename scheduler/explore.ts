// A sampling campaign: many executions under a portfolio of strategies, block by block. Everything random comes
// from the seed and the number of the block, and learning happens between blocks only, so a campaign is the same
// on every machine. A planted race must be found by the same strategies, or the campaign has verified nothing.
import { limits } from '../src/limits.js';
import { isFailure } from '../src/machine/index.js';
import { canaryIsFound } from './canary.js';
import type { LockReport } from '../src/trace/lock-report.js';
import { Execution } from './execution.js';
import { type Finding, findingOf } from './finding.js';
import { LockGraph } from './lockdep/graph.js';
import { judge } from './lockdep/judge.js';
import type { Program, RunOptions } from './program.js';
import { GoOn } from './strategies/go-on.js';
import { makeStrategy } from './strategies/index.js';
import type { Lesson, Strategy } from './strategy.js';

export interface ExploreOptions extends RunOptions {
  readonly seed: string;
  readonly runs: number;
  /** The strategies that share the blocks in turn, as on the command line: `random`, `pct:3`. */
  readonly strategies: readonly string[];
  readonly onProgress?: ((progress: ExploreProgress) => void) | undefined;
  /** Hears of the first failure as soon as it is found. */
  readonly onFinding?: ((finding: Finding, runs: number) => void) | undefined;
}

export interface ExploreProgress {
  readonly runs: number;
  readonly failures: number;
}

export interface Exploration {
  /** `not verified`: the planted race was not found, so that finding nothing means nothing. */
  readonly outcome: 'broken' | 'not found' | 'not verified';
  /** The first failure, as it was found. */
  readonly finding: Finding | undefined;
  /** The strategy that found it. */
  readonly strategy: string | undefined;
  /** Executions, the failing one included. */
  readonly runs: number;
  readonly failures: number;
  readonly limited: number;
  readonly steps: number;
  /** The strategies that ran, with their executions; the first execution, which switches only where it must, is none. */
  readonly sampled: readonly { readonly strategy: string; readonly runs: number }[];
  /** The strategies that did not find the planted race. */
  readonly blind: readonly string[];
  readonly interrupted: boolean;
  /** Cycles of lock dependencies, and whether a schedule closes them. */
  readonly lockdep: readonly LockReport[];
}

/** Runs the campaign until its first failure, or, with `all`, to its end. */
export function explore(program: Program, options: ExploreOptions): Exploration {
  const blind = options.strategies.filter(
    (name) => !canaryIsFound(makeStrategy(name, options.seed)),
  );
  const campaign = new Campaign(program, options);
  campaign.run();
  const { strategy, runs, failures, limited, steps, sampled, graph } = campaign;
  const end = { clearRuns: undefined, failed: campaign.finding !== undefined, seed: options.seed };
  const { reports, finding: locking } = judge(program, graph, end, options);
  const finding = campaign.finding ?? locking;
  const outcome =
    finding !== undefined ? 'broken' : blind.length > 0 ? 'not verified' : 'not found';
  return {
    outcome,
    finding,
    strategy: finding === locking && locking !== undefined ? 'lockdep' : strategy,
    runs,
    failures,
    limited,
    steps,
    lockdep: reports,
    sampled: [...sampled].map(([name, n]) => ({ strategy: name, runs: n })),
    blind,
    interrupted: options.interrupted?.() === true,
  };
}

class Campaign {
  runs = 0;
  failures = 0;
  limited = 0;
  steps = 0;
  finding: Finding | undefined = undefined;
  strategy: string | undefined = undefined;
  readonly sampled = new Map<string, number>();
  readonly graph = new LockGraph();
  readonly #options: ExploreOptions;
  readonly #execution: Execution;
  readonly #strategies: readonly Strategy[];

  constructor(program: Program, options: ExploreOptions) {
    this.#options = options;
    this.#strategies = options.strategies.map((name) => makeStrategy(name, options.seed));
    this.#execution = new Execution(program.build('search'), new GoOn(), options);
  }

  /** The first execution switches only where it must: it finds what needs no preemption, and is the first lesson. */
  run(): void {
    this.#teach(this.#block(new GoOn(), 1));
    for (let block = 0; !this.#isOver; block++) {
      const strategy = this.#strategies[block % this.#strategies.length] as Strategy;
      strategy.beginBlock(block);
      const before = this.runs;
      this.#teach(this.#block(strategy, limits.blockRuns));
      this.sampled.set(strategy.name, (this.sampled.get(strategy.name) ?? 0) + this.runs - before);
      this.#options.onProgress?.({ runs: this.runs, failures: this.failures });
    }
  }

  get #isOver(): boolean {
    const enough = this.finding !== undefined && this.#options.all !== true;
    return enough || this.runs >= this.#options.runs || this.#options.interrupted?.() === true;
  }

  #teach(lesson: Lesson): void {
    for (const strategy of this.#strategies) strategy.learn(lesson);
  }

  #block(strategy: Strategy, runs: number): Lesson {
    const execution = this.#execution;
    execution.use(strategy);
    let decisionsMax = 0;
    let drawsMax = 0;
    for (let i = 0; i < runs && !this.#isOver; i++) {
      const verdict = execution.run();
      this.runs++;
      this.graph.collect(execution);
      this.steps += execution.steps;
      if (execution.decisions > decisionsMax) decisionsMax = execution.decisions;
      if (execution.draws > drawsMax) drawsMax = execution.draws;
      if (isFailure(verdict)) this.#failed(strategy);
      else if (verdict.kind === 'limit') this.limited++;
    }
    return { decisionsMax, drawsMax };
  }

  #failed(strategy: Strategy): void {
    this.failures++;
    if (this.finding !== undefined) return;
    this.finding = findingOf(this.#execution);
    this.strategy = strategy.name;
    this.#options.onFinding?.(this.finding, this.runs);
  }
}
