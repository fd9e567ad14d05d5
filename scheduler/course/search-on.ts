// Goes on where a recorded schedule does not apply any more: keeps what still applies, and searches from there. First
// every way to go on with few preemptions; then by chance; each from the whole prefix, from half of it, and from the
// start. What is left of the budget goes to all schedules with no more preemptions than the recorded one, so that
// finding nothing says something.
import { limits } from '../../src/limits.js';
import { isFailure } from '../../src/machine/index.js';
import { TreeWalk } from '../enumerate.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import { prove } from '../prove.js';
import type { Schedule } from '../schedule.js';
import { AfterPrefix } from '../strategies/after-prefix.js';
import { makeStrategy } from '../strategies/index.js';
import type { Lesson, Strategy } from '../strategy.js';

export interface SearchOn {
  /** What still applies, as a schedule of the present model. */
  readonly schedule: Schedule;
  /** Where it ends, the whole of it first: questions from which on the search decides. */
  readonly prefixes: readonly number[];
  /** How many preemptions the recorded failure took. */
  readonly preemptions: number;
  readonly signature: string;
  /** Executions altogether. */
  readonly runs: number;
  readonly seed: string;
}

export interface SearchedOn {
  readonly finding: Finding | undefined;
  readonly runs: number;
  /** All schedules with at most so many preemptions were run, and none fails like that; undefined for not even with none. */
  readonly clearedTo: number | undefined;
  /** The first failure of another kind that was met. */
  readonly other: Finding | undefined;
}

/** Preemptions after the prefix up to which every way to go on is tried. */
const nearPreemptions = 2;
/** What goes on by chance. */
const samplers = ['random', 'pct:2', 'pct:3'] as const;

export function searchOn(program: Program, wanted: SearchOn, options: RunOptions): SearchedOn {
  const search = new Search(program, wanted, options);
  const quarter = Math.ceil(wanted.runs / 4);
  search.nearby(quarter);
  search.sample(quarter);
  const finding = search.finding;
  const left = wanted.runs - search.runs;
  const near = { finding, runs: search.runs, clearedTo: undefined, other: search.other };
  if (finding !== undefined || left <= 0 || options.interrupted?.() === true) return near;
  const proof = prove(program, {
    ...options,
    all: false,
    signature: wanted.signature,
    preemptionsMax: wanted.preemptions,
    runsMax: left,
  });
  const { exhaustedTo } = proof;
  return {
    ...near,
    finding: proof.finding,
    runs: search.runs + proof.runs,
    clearedTo: exhaustedTo < 0 ? undefined : exhaustedTo,
  };
}

class Search {
  finding: Finding | undefined = undefined;
  other: Finding | undefined = undefined;
  runs = 0;
  readonly #wanted: SearchOn;
  readonly #options: RunOptions;
  readonly #execution: Execution;

  constructor(program: Program, wanted: SearchOn, options: RunOptions) {
    this.#wanted = wanted;
    this.#options = options;
    this.#execution = new Execution(program.build('search'), this.#after(samplerOf(0, ''), 0), {
      ...options,
      all: false,
    });
  }

  /** Every way to go on from a prefix with no preemption, with one, with two. */
  nearby(runs: number): void {
    const share = Math.ceil(runs / (this.#wanted.prefixes.length * (nearPreemptions + 1)));
    for (const until of this.#wanted.prefixes) {
      for (let preemptions = 0; preemptions <= nearPreemptions; preemptions++) {
        const walk = new TreeWalk(preemptions);
        this.#execution.use(this.#after(walk, until));
        let isOpen = true;
        for (let n = 0; isOpen && n < share && this.#goesOn; n++) {
          this.#run();
          isOpen = walk.advance();
        }
        if (!walk.bounded) break;
      }
    }
  }

  /** By chance, block by block. */
  sample(runs: number): void {
    const { prefixes, seed } = this.#wanted;
    const strategies = samplers.flatMap((_, i) =>
      prefixes.map((until) => this.#after(samplerOf(i, `${seed}/${String(until)}`), until)),
    );
    const end = this.runs + runs;
    for (let block = 0; this.#goesOn && this.runs < end; block++) {
      const strategy = strategies[block % strategies.length] as Strategy;
      strategy.beginBlock(block);
      this.#execution.use(strategy);
      const lesson = this.#block(Math.min(limits.blockRuns, end - this.runs));
      for (const learner of strategies) learner.learn(lesson);
    }
  }

  #block(runs: number): Lesson {
    let decisionsMax = 0;
    let drawsMax = 0;
    for (let n = 0; n < runs && this.#goesOn; n++) {
      this.#run();
      decisionsMax = Math.max(decisionsMax, this.#execution.decisions);
      drawsMax = Math.max(drawsMax, this.#execution.draws);
    }
    return { decisionsMax, drawsMax };
  }

  get #goesOn(): boolean {
    return this.finding === undefined && this.#options.interrupted?.() !== true;
  }

  #after(inner: Strategy, until: number): Strategy {
    return new AfterPrefix(inner, this.#wanted.schedule, until, () => this.#execution.asked);
  }

  #run(): void {
    this.runs++;
    if (!isFailure(this.#execution.run())) return;
    const found = findingOf(this.#execution);
    if (found.signature === this.#wanted.signature) this.finding = found;
    else this.other ??= found;
  }
}

function samplerOf(index: number, seed: string): Strategy {
  return makeStrategy(samplers[index] ?? 'random', seed);
}
